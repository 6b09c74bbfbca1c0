import { BrokenSite } from './broken-site.mjs';
import { serverFaults } from './server-faults.mjs';

/**
 * What becomes of a page without a file of the site, by its path. A path that nothing here knows is an error: a new file has to say it.
 *
 * - `page`: it is needed when the page is loaded, and asked for by each page; else by each game.
 * - `quick`, `stalls`: what a fault ends in that shows at once, and one that only a limit of time ends.
 * - `optional`: a game is whole without it.
 * - `kept`: what a fault ends in once the page has had the file, and only the replay asks for it.
 * - `cached`: once the page has had it, the browser may ask no more.
 * - `later`: a game that is over soon may not ask for it.
 *
 * @typedef {{ path: RegExp, quick: string[], stalls: string[], page?: true, optional?: true, kept?: string[], cached?: true, later?: true }} Kind
 *
 * @type {Kind[]}
 */
const kinds = [
  // Nothing of ours runs yet: the browser tells the page what it tells it of any module, and waits as long as it waits.
  { path: /^\/palaestra\.js$/, page: true, quick: ['TypeError', 'SyntaxError'], stalls: ['pends'] },
  // For a record's file where no Worker makes one, and for what is kept of a record while it grows.
  {
    path: /^\/page\/(\w+_record\.wasm|save\.js)$/,
    optional: true,
    quick: ['verified'],
    stalls: ['verified'],
    cached: true,
    later: true,
  },
  // It comes with the page's module, and a game that needs it asks anew.
  {
    path: /^\/page\/\w+_options\.wasm$/,
    optional: true,
    quick: ['verified'],
    stalls: ['verified'],
    cached: true,
    later: true,
  },
  { path: /^\/page\/[\w.]+$/, page: true, quick: ['load_failed'], stalls: ['load_failed'] },
  { path: /^\/worker\/boot\.js$/, quick: ['load_failed'], stalls: ['deadline_exceeded'] },
  // Only the replay asks for it.
  { path: /^\/worker\/\w+_program\.wasm$/, optional: true, quick: ['unverified'], stalls: ['unverified'] },
  { path: /^\/worker\/\w+\.wasm$/, quick: ['load_failed'], stalls: ['deadline_exceeded'], kept: ['unverified'] },
  { path: /^\/art\/[\w.]+$/, quick: ['load_failed'], stalls: ['deadline_exceeded'], cached: true },
  { path: /^\/verifier\/[\w.]+$/, optional: true, quick: ['plain'], stalls: ['plain'] },
];

export function kindOf(path) {
  const kind = kinds.find((kind) => kind.path.test(path));
  if (!kind) throw new Error(`${path}: say in fault-matrix.mjs what a page without it is to become`);
  return kind;
}

/** Every file that a page with a game, its picture and its verified record asks for, as it asked. */
export async function filesOfAGame(owner, browser) {
  const site = await BrokenSite.open(owner, browser);
  const loaded = await site.load();
  const played = await site.play();
  if (loaded !== 'loaded' || played !== 'verified')
    throw new Error(`${loaded}, ${played}: the site is broken by itself`);
  await site.close();
  return site.files;
}

/** What a try may end in; `had`: the page has had the file, `met`: somebody asked for it. */
function expected(kind, fault, had, met) {
  if (!fault || (had && kind.cached && !met)) return kind.page ? ['loaded'] : ['verified'];
  if (had && kind.kept) return kind.kept;
  return fault.stalls ? kind.stalls : kind.quick;
}

/** How long what stalls is waited for here, in milliseconds: where that was too short for the page to come to it, longer. */
const shortMs = [1000, 5000, 20_000];
/** The packer says nothing for as long while it starts. */
const packerMs = 4000;

async function tryOnce(site, kind, fault, had) {
  if (!fault?.stalls) return kind.page ? site.load({ fault }) : site.play({ fault });
  if (kind.page) {
    const pends = kind.stalls.includes('pends');
    return site.load({ fault, loadMs: shortMs[0], pendsMs: pends ? 2 * shortMs[0] : undefined });
  }
  // The packer does not wait for it: its own limit stays as it is.
  if (kind.later) return site.play({ fault });
  if (kind.optional || (had && kind.kept)) {
    let outcome;
    for (const packMs of had ? [packerMs, shortMs[2]] : shortMs) {
      outcome = await site.play({ fault, packMs });
      if (site.met) break;
    }
    return outcome;
  }
  for (const loadMs of shortMs) {
    const outcome = await site.play({ fault, loadMs });
    if (site.met || outcome !== 'deadline_exceeded') return outcome;
  }
  return 'never asked for it';
}

/** Tries a list of faults (or none) one after another with one page; gives what each ended in, and complaints. */
async function tryAll(owner, browser, path, tries, uses = 0) {
  const kind = kindOf(path);
  const site = await BrokenSite.open(owner, browser, path);
  const outcomes = [];
  const wrong = [];
  let had = false;
  try {
    if (!kind.page) await site.load();
    for (const fault of [...Array(uses).fill(undefined), ...tries]) {
      const outcome = await tryOnce(site, kind, fault, had);
      const may = expected(kind, fault, had, site.met);
      const name = `${path} ${fault?.what ?? 'works'}, try ${outcomes.length + 1}`;
      if (!may.includes(outcome)) wrong.push(`${name}: expected ${may.join(' or ')}, found ${outcome}`);
      if (fault && !site.met && !kind.later && !(had && kind.cached)) wrong.push(`${name}: nobody asked for it`);
      had ||= !fault;
      outcomes.push(outcome);
    }
    if (site.uncaught.length > 0) wrong.push(`${path}: uncaught ${site.uncaught.join(', ')}`);
  } catch (error) {
    wrong.push(`${path}, try ${outcomes.length + 1}: ${error.message}`);
  } finally {
    await site.close();
  }
  return { outcomes: outcomes.slice(uses), wrong };
}

/** Does so many things at a time. */
async function inLanes(count, jobs) {
  const left = [...jobs];
  const lane = async () => {
    for (let job; (job = left.shift()); ) await job();
  };
  await Promise.all(Array.from({ length: count }, lane));
}

/**
 * Every file with every fault, each followed by a try without it: at the first use, with a page of its own, and after nine uses.
 * Gives rows `{ path, use, cells: { [what]: 'outcome, next' } }` and complaints.
 */
export async function singles(owner, browser, files, lanes) {
  const rows = [];
  const wrong = [];
  const jobs = files.flatMap((path) => {
    const [first, tenth] = [1, 10].map((use) => ({ path, use, cells: {} }));
    rows.push(first, tenth);
    const put = (row, fault, outcomes) => (row.cells[fault.what] = outcomes.join(', then '));
    return [
      async () => {
        const { outcomes, wrong: complaints } = await tryAll(
          owner,
          browser,
          path,
          serverFaults.flatMap((fault) => [fault, undefined]),
          9,
        );
        serverFaults.forEach((fault, i) => put(tenth, fault, outcomes.slice(2 * i, 2 * i + 2)));
        wrong.push(...complaints);
      },
      ...serverFaults.map((fault) => async () => {
        const { outcomes, wrong: complaints } = await tryAll(owner, browser, path, [fault, undefined]);
        put(first, fault, outcomes);
        wrong.push(...complaints);
      }),
    ];
  });
  await inLanes(lanes, jobs);
  return { rows, wrong };
}

/**
 * Every file with every two faults, one right after the other, in every order, and with none in every place: one page for each
 * file and each first fault. At the first use each pair has a page of its own.
 */
export async function pairs(owner, browser, files, lanes) {
  const rows = [];
  const wrong = [];
  const jobs = files.flatMap((path) =>
    [0, 9].flatMap((uses) =>
      serverFaults.map((before) => async () => {
        const orders = serverFaults.map((after) => [before, after, undefined]);
        const runs = uses === 0 ? orders : [orders.flat()];
        const outcomes = [];
        for (const run of runs) {
          const done = await tryAll(owner, browser, path, run, uses);
          outcomes.push(...done.outcomes);
          wrong.push(...done.wrong);
        }
        const cells = Object.fromEntries(
          serverFaults.map((after, i) => [after.what, outcomes.slice(3 * i, 3 * i + 3).join(', ')]),
        );
        rows.push({ path, use: uses + 1, before: before.what, cells });
      }),
    ),
  );
  await inLanes(lanes, jobs);
  return { rows, wrong };
}

/** Rows as lines of a table, a column per fault. */
export function tableOf(rows) {
  const head = ['file', 'use', ...(rows[0]?.before ? ['after one that'] : []), ...serverFaults.map(({ what }) => what)];
  const body = rows.map(({ path, use, before, cells }) => [
    path,
    String(use),
    ...(before ? [before] : []),
    ...serverFaults.map(({ what }) => cells[what] ?? ''),
  ]);
  const widths = head.map((name, i) => Math.max(name.length, ...body.map((row) => row[i].length)));
  return [head, ...body].map((row) => row.map((cell, i) => cell.padEnd(widths[i])).join(' | '));
}
