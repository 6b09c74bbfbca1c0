// What becomes of a record before anybody has taken it: kept in the browser, sent on, found again at the next visit. Loaded when a game's
// first pictures are through.
import { newId } from './alive.js';
import { destinationOf } from './destination.js';
import { Growing } from './growing.js';
import { Keeper } from './keeper.js';
import { Leftover } from './leftover.js';
import { dropOld, dropOldest, leftovers } from './leftovers.js';
import { Sender } from './sender.js';
import { Store } from './store.js';

/** How long a record is sent after its session was over, if nobody acknowledges it. */
const PATIENCE_MS = 120_000;

const store = new Store();
/** Those that are being sent. */
const sending = new Set();

/** Why something is not kept, in words for whoever runs the page. */
const why = (error) => `${error?.name ?? 'Error'}: ${error?.message ?? error}`;

/** A record that grows, as it is known outside the page's module. */
const outside = (chunks) => ({
  chunks,
  get stepsRecorded() {
    return chunks.steps;
  },
  unsealed: (chunk, from) => chunks.unsealed(chunk, from),
});

/** What a game's handle says of its record; where the page's module has failed, what is known outside of it. */
function ofGame(handle) {
  const known = outside(handle.chunks);
  const ask = (question) => {
    try {
      return question(handle);
    } catch {
      return question(known);
    }
  };
  return {
    chunks: handle.chunks,
    get stepsRecorded() {
      return ask(({ stepsRecorded }) => stepsRecorded);
    },
    get frameNumber() {
      return ask(({ frameNumber }) => frameNumber);
    },
    unsealed: (chunk, from, settle) => ask((one) => one.unsealed(chunk, from, settle)),
  };
}

/** Who played, as the record's header says it: the page or its address named them, or the match did. */
function participantOf(header) {
  const { participant, local } = JSON.parse(header);
  return participant ?? local?.participant;
}

/**
 * Keeps a record that grows, and sends it if `save` says where. `tell` hears how that goes: `{kept}`, `{sent}` or `{dropped}`.
 *
 * @param {any} recorded a game's handle, or of an environment `{about, chunks}`: it is let go of when the program forgets it
 * @param {any} save the option
 * @param {{ envId: string }} about
 * @param {(what: any) => void} tell
 * @param {any} context what belongs to the page's own script
 */
export function keep(recorded, save, about, tell, context) {
  const isGame = recorded instanceof context.GameHandle;
  const known = isGame ? recorded.about() : recorded.about;
  const handle = isGame ? ofGame(recorded) : outside(recorded.chunks);
  const growing = new Growing(handle, known);
  const to = destinationOf(save);
  const game = { ...about, participant: participantOf(known[0]), id: newId(), about: known, to: to?.key ?? null };
  const lacks = (code, error) =>
    new context.PalaestraError(code, `the record is not kept in this browser: ${why(error)}`);
  const tellDropped = (dropped) => {
    for (const { envId, steps, time } of dropped) {
      console.warn(
        `palaestra: there is no room for what was kept of ${envId} (${steps} steps, ${time.toISOString()}): it was dropped`,
      );
    }
    if (dropped.length > 0) tell({ dropped });
    return dropped.length > 0;
  };
  const keeper = new Keeper({
    store,
    handle,
    game,
    tell: ({ error, ...kept }) => tell({ kept: { ...kept, ...(error && { error: lacks('not_kept', error) }) } }),
    room: async () => tellDropped(await dropOldest(store)),
  });
  keeper.begin();
  const sender = to && beginSending({ growing, to, game, save, keeper, tell, context });
  if (!sender) keeper.settle();
  store
    .games()
    .then(() => dropOld(store))
    .then(tellDropped)
    .then(() => to && sendLeft(to, save, context))
    .catch(() => {}); // Whoever keeps the record hears of it.
  return {
    id: game.id,
    get kept() {
      return keeper.kept;
    },
    /** @param {string} [header] of the record that is handed over */
    finish(header) {
      growing.finish(header);
      sender?.hurry();
      return keeper.finish(header);
    },
    /** Somebody has the record. What is to be sent is sent all the same. */
    taken: () => (sender && !sender.done ? undefined : keeper.taken()),
  };
}

function beginSending({ growing, to, game, save, keeper, tell, context }) {
  const { id, envId, participant } = game;
  const sender = new Sender({
    source: growing,
    to,
    about: { id, envId, participant },
    patienceMs: save.patience ?? PATIENCE_MS,
    saved: 0,
    tell: ({ error, ...sent }) => {
      if (sent.bytes !== undefined) keeper.sent(sent.bytes);
      const text = () => `the record is not sent: ${error.message}`;
      tell({ sent: { ...sent, ...(error && { error: new context.PalaestraError('not_sent', text()) }) } });
    },
  });
  const running = { done: false, hurry: () => sender.hurry() };
  sender.run().then((all) => {
    running.done = true;
    // What was acknowledged somebody has; what was not is sent at the next visit.
    if (all) keeper.taken();
    else keeper.settle();
  });
  return running;
}

/** Sends what was left by tabs that are gone and was to go to the same place. */
async function sendLeft(to, save, context) {
  for (const game of await leftovers(store)) {
    if (game.to !== to.key || sending.has(game.id)) continue;
    sending.add(game.id);
    try {
      await new Leftover(store, game, context).send(save);
    } catch (error) {
      console.warn(`palaestra: what was left of ${game.envId} is not sent: ${error.message}`);
    } finally {
      sending.delete(game.id);
    }
  }
}

/** What was left by tabs that are gone. */
export async function recover(context) {
  try {
    return (await leftovers(store)).reverse().map((game) => new Leftover(store, game, context));
  } catch (error) {
    throw new context.PalaestraError(
      'not_kept',
      `recover: what was kept in this browser cannot be read: ${why(error)}`,
    );
  }
}

export { packRescued } from './rescued.js';
export { table } from './table.js';
