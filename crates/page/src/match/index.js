// A game of a match on its page: puts the client of the server, the game and what participants see together. Only pages that play
// together load it (`page/match.js` of the site).
import { optionProblem } from '../options.js';
import { version } from '../protocol.js';
import { lobbyAddress, playAddress, serverAddress } from './address.js';
import { helloOf, patienceOf } from './hello.js';
import { InOrder, modelsOf } from './models.js';
import { Overlay } from './overlay.js';
import { Peers } from './peers.js';
import { participantIn, sessionStorageIfAny, tokens } from './participant.js';
import { openControl } from './socket.js';
import { texts } from './texts.js';
import { readTold } from './told.js';
import { newView, viewAfter } from './view.js';

/** Why a page that ends a session leaves, as the server takes it. */
const leaveReasons = new Map([
  ['focus_lost', 'focus_lost'],
  ['excluded', 'excluded'],
  ['error', 'error'],
  ['disconnected', 'error'],
  ['validation_failed', 'error'],
]);

/**
 * Joins a lobby with a game that waits for it.
 *
 * @param {object} game
 * @param {any} game.handle the page's module's
 * @param {any} game.options those of `play`
 * @param {() => void} game.cancel ends the session
 * @param {(view: import('./view.js').View) => void} game.show hears how the match stands, whenever that changes
 * @param {(name: string) => Promise<unknown>} game.part loads a part of the page's module
 */
export function join({ handle, options, cancel, show, part: load }) {
  const { match, canvas } = options;
  const server = serverAddress(match.server, location.href);
  const named = match.participant ?? options.participant ?? participantIn(location.search);
  // A text that nobody reads is no reason to keep people from playing.
  const stranger = match.texts && optionProblem('match.texts', match.texts, Object.keys(texts));
  if (stranger) console.error(`palaestra: ${stranger}`);
  const store = tokens(server.href, match.lobby, sessionStorageIfAny());
  const kept = store.read(named);
  const direct = match.transport !== 'relay' && typeof RTCPeerConnection === 'function';
  const hello = helloOf(options, { participant: kept.participant, version, webrtc: direct });
  const overlay = match.overlay === false ? undefined : new Overlay(canvas, match.texts, cancel);
  let view = newView();
  let gone = false;
  /** @type {Peers | undefined} */
  let peers;

  function hear(event) {
    const next = viewAfter(view, event);
    if (next === view) return;
    view = next;
    overlay?.show(view);
    show(view);
  }

  // What the game says.
  handle.onTogether((message) => {
    const told = readTold(message);
    hear(told);
    if (told.paths) peers?.looked(told.paths);
    if (told.type === 'ready') peers?.begin();
    switch (told.type) {
      case 'ready':
      case 'failed':
      case 'away':
      case 'finished':
        return control.handle(told);
      case 'validated':
        return control.handle({ ...told, paths: told.paths.map(path) });
      case 'leave':
        // Who has played to the end waits for the server's word on the record.
        if (told.reason === 'complete' || told.reason === 'partner_left') return;
        return control.handle({ type: 'leave', reason: leaveReasons.get(told.reason) ?? 'closed' });
    }
  });

  overlay?.show(view);
  const control = openControl({
    address: lobbyAddress(server),
    hello,
    token: kept.token,
    waitingTimeout: patienceOf(match),
    keep: store.keep,
    forget: store.forget,
    tell(event) {
      hear(event);
      if (event.type === 'signal') return void peers?.hear(event.from, event.data);
      if (event.type === 'requeued' || (event.type === 'validate' && event.relay)) part();
      let said;
      try {
        said = forGame(event);
      } catch (error) {
        // An address that is none: there is nothing to play with.
        said = { type: 'failed', code: 'malformed', message: `message of the server: ${error?.message ?? error}` };
      }
      if (said) words.add(said, said.models && load('policy'))?.catch(lost);
    },
  });

  /** What the game hears, in its order: a match with models waits for what reads their seats. */
  const words = new InOrder((said) => {
    if (!gone) handle.together(said);
  });
  const lost = (error) => handle.noMatch(error.message);

  /** What the game hears of what the server says, as it hears it. */
  function forGame(event) {
    switch (event.type) {
      case 'matched': {
        const { matched } = event;
        const { match: id, number, size, mode, dropout, input_delay: first } = matched;
        const shared = { dropout, id, mode, number, size };
        const own = { first_input_delay: first, participant: view.participant, seat: matched.seat };
        meet(matched);
        const models = modelsOf(matched, options);
        const said = { ...event, ...addressed(matched), facts: facts(options), about: { shared, own } };
        return models.length > 0 ? { ...said, models } : said;
      }
      case 'ticket':
        return { type: 'ticket', url: playAddress(server, event.playUrl, event.ticket) };
      case 'validate':
      case 'start':
      case 'pronounced':
      case 'requeued':
      case 'ended':
      case 'failed':
        return event;
      default:
        return undefined;
    }
  }

  /** There are others to connect to. */
  function meet({ seat, seats, ice_servers: given, transport }) {
    part();
    peers = new Peers({
      seat,
      people: seats.filter((other) => other.kind === 'person' && other.seat !== seat).map((other) => other.seat),
      direct: direct && transport !== 'relay',
      iceServers: match.iceServers ?? given,
      say: (to, data) => control.handle({ type: 'signal', to, data }),
      worker,
    });
  }

  function worker() {
    try {
      return handle.worker;
    } catch {
      // The page's module has failed, and every Worker ended with it.
      return void part();
    }
  }

  function part() {
    peers?.close();
    peers = undefined;
  }

  function addressed({ play_url, ticket }) {
    return { url: playAddress(server, play_url, ticket) };
  }

  return {
    /** The session's state has changed. */
    entered(state) {
      if (state === 'playing') hear({ type: 'playing' });
      if (state === 'ended') {
        part();
        overlay?.show({ ...view, state: 'ended' });
      }
      if (state === 'disposed') {
        gone = true;
        part();
        overlay?.remove();
      }
    },
    /** The page's module has failed, and the game with it: nobody is to wait for this page. */
    failed() {
      gone = true;
      part();
      overlay?.remove();
      control.handle({ type: 'leave', reason: 'error' });
    },
  };
}

/** A path as the server takes it. One that was not measured counts as nothing. */
const path = ({ seat, path, rtt_ms }) => ({ seat, path: path ?? 'relay', rtt_ms: rtt_ms ?? 0 });

/** What this side adds to the header of the server's record: nothing of the browser, unless the page wants to have it there. */
const facts = ({ recordUserAgent = false }) =>
  JSON.stringify(recordUserAgent ? { user_agent: navigator.userAgent.slice(0, 1000) } : {});
