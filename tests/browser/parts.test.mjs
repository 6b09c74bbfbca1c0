import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { errorCodes, operations } from '../../crates/page/src/protocol.js';
import { splitOf } from '../../scripts/build/families/split.mjs';
import { parts } from '../../scripts/build/parts.mjs';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { openTestSite } from './support/pages.mjs';

/** How a page, or a Worker, that lacks a part comes to each entrance of it: the test here that goes that way. */
const ways = {
  options: {
    'modulesOf *': 'asked for',
    'given::known': 'asked for',
    'Config::fill_rest': 'asked for',
    'given::action': 'asked for',
    // Of actions that are no plain numbers, which a game looks for before it reads any.
    'given::bytes': 'asked for',
    'given::blank': 'asked for',
    'given::taken': 'asked for',
    'plain::json_text': 'asked for, make',
    // Of parts that do not come without this one.
    'plain::object_from': 'make',
    'options::milliseconds': 'make',
    'js::only_known': 'policy',
    'Entry::agents': 'rollout',
    'options::said': 'make',
    'options::kwargs_from': 'make',
    'options::reset_options': 'make, watch',
    'options::plain_object': 'make',
    'Deadlines::from_options': 'make',
    'Link>::close_on_abort': 'make, rollout',
    'ValueWriter::value': 'make, rollout',
    'options::action_from': 'rollout',
    'plain::plain_from': 'policy',
    'values::from_js': 'make, rollout',
    'values::read': 'make, rollout',
    'options::refusal': 'make, rollout',
    'Spec::takes': 'make, rollout',
    'Space::contains': 'make, rollout',
    describe: 'make, rollout',
  },
  policy: {
    'policy::by_policy': 'policy',
    'policy::expert_from': 'policy',
    // Of seats that these read.
    'Link>::load_policies': 'policy',
  },
  watch: {
    'envhandle_watch *': 'watch',
    'envhandle_returned *': 'watch',
    'painterhandle_*': 'watch',
    __wbg_painterhandle_free: 'watch',
  },
  make: {
    'makeEnv *': 'make, watch',
    // By a handle, which only makeEnv gives.
    'envhandle_*': 'make, watch',
    __wbg_envhandle_free: 'make, watch',
    'Shared::new': 'alone',
    'Shared::send': 'alone',
    'Shared::next': 'alone',
    'Shared::stop': 'alone',
    'Mailbox::listen': 'alone',
    'Mailbox::send': 'alone',
  },
  match: {
    'gamehandle_together *': 'match',
    'gamehandle_worker *': 'match',
    'Game>::hear_server': 'match',
    'Game>::hear_match': 'alone, match',
    'Game>::join': 'alone, match',
    'Game>::begin_listening': 'alone, match',
    'Game>::joined': 'alone, match',
    'Game>::leave_match': 'alone, match',
    'Game>::listened': 'alone, match',
    'Game>::settled': 'alone, match',
    'together::heard': 'alone, match',
    'together::tell': 'alone, match',
    'together::names': 'alone, match',
    'record::rest_together': 'alone, match',
  },
  rollout: { 'openRollout *': 'rollout', 'rollouthandle_*': 'rollout' },
  record: { 'recordfile_*': 'record', 'gamehandle_snapshot *': 'record' },
  // Of a family's module.
  program: {
    'replay *': 'alone',
    'ask *': 'alone',
    'Responder::answer': 'worker, alone',
    'Port::rewind': 'worker',
    'Mailbox::new': 'worker',
    'Mailbox::listen': 'worker',
  },
  'options of a family': {
    'kwargs::read_given': 'options',
    'arguments::invalid': 'options',
    'Arguments::finish_given': 'options',
    '<palaestra_env::error::ArgumentError as core::fmt::Display>::fmt': 'options',
    'env::no_action_of': 'alone',
    describe: 'alone',
    'seats::policy_of': 'options',
    'seated::seat_with': 'policy',
    sample_again: 'options',
    'Env::read': 'worker',
    'StateReader::rng': 'worker',
    'ValueReader::read_into': 'worker',
  },
  'rollout of a family': { 'rollouts::answer': 'worker' },
  // Of the module that writes tables.
  columns: { 'columns::arrow': 'table', 'columns::minari': 'table' },
  told: { 'told::player': 'of a guest: tests/guests' },
};

/** What the site does to a file: it is not there, it never comes, it is none. */
const faults = {
  missing: () => ({ status: 404, body: 'gone' }),
  stalls: () => new Promise(() => {}),
  broken: () => ({ body: 'no module' }),
};

/** A game that plays itself and is over soon. */
const short = { env: 'CartPole-v1', fps: 60, seats: { agent_0: 'random' }, maxSteps: 5 };

/** What a page of the tests does, as text to be called there. */
const asks = {
  policy: "return play({ env: 'CartPole-v1', seats: { agent_0: 'expert' }, maxSteps: 5, loadTimeout: 2000 }).finished;",
  make: "return make('CartPole-v1', {}, { loadTimeout: 2000 });",
  preload: "return preload('CartPole-v1', { loadTimeout: 2000 });",
  watch: "return watch({ match: 'm-1', server: location.origin, loadTimeout: 2000 });",
  rollout:
    "return make('CartPole-v1').then((env) => env.rollout({ episodes: 1, loadTimeout: 2000 }).finally(() => env.close()));",
  match: "return play({ env: 'overcooked_ai/cramped_room', match: { lobby: 'kitchen' }, loadTimeout: 2000 }).finished;",
};

describe('a part of a module that has not been loaded', () => {
  const owner = sharedOwner();
  let browser;
  let page;
  before(async () => void (browser = await launchBrowser(owner)));
  afterEach(async () => {
    await page?.context().close();
    page = undefined;
    await workersGone(browser);
  });

  const [{ split }] = parts[0].modules;

  /**
   * A page of a site some of whose files are answered otherwise.
   *
   * @param {import('node:test').TestContext} t
   * @param {(path: string) => any} intercept
   */
  const open = async (t, intercept) => {
    const site = await openTestSite(t, { intercept });
    page = await browser.openPage(`${site.url}bare.html`);
    await page.evaluate(() => window.loading);
    return site;
  };

  /** What becomes of a call. */
  const attempt = (ask) =>
    page.evaluate((ask) => {
      const { make, play, preload, watch } = window.palaestra;
      return window.attempt(() => new Function('make', 'play', 'preload', 'watch', ask)(make, play, preload, watch));
    }, ask);

  /** What becomes of a short game, and of a snapshot of it where that is asked for. With `keep` the page has its record, as `record`. */
  const playShort = (how = {}) =>
    page.evaluate(
      ({ short, keep, snapshot }) =>
        window.attempt(async () => {
          const game = window.palaestra.play({ ...short, canvas: document.getElementById('canvas') });
          const early = snapshot && (await window.attempt(() => game.snapshot()));
          const record = await game.finished;
          if (keep) window.record = record;
          return { reason: record.reason, steps: record.steps, early };
        }),
      { short, keep: false, snapshot: false, ...how },
    );

  /** That nothing has trapped: a module that has gives nothing any more. */
  const isWhole = async () => {
    const live = await page.evaluate(() => window.palaestra.liveSessions());
    const { value, error } = await playShort();
    assert.deepEqual([live, value?.reason, value?.steps], [0, 'complete', 5], error?.message);
    assert.deepEqual(page.uncaught, []);
  };

  test('has a way to each of its entrances in the list of these tests', () => {
    const { program, options, rollout } = splitOf([], 'a family');
    const tables = parts.find(({ id }) => id === 'export').modules[0].split;
    const declared = { ...split, ...tables, program, 'options of a family': options, 'rollout of a family': rollout };
    assert.deepEqual(Object.keys(ways).sort(), Object.keys(declared).sort());
    for (const [part, { entrances }] of Object.entries(declared)) {
      assert.deepEqual(Object.keys(ways[part]).sort(), entrances.slice().sort(), part);
    }
  });

  for (const [part, ask] of [
    ['make', 'make'],
    ['make', 'watch'],
    ['watch', 'watch'],
    ['match', 'match'],
    ['rollout', 'rollout'],
    ['policy', 'policy'],
    ['policy', 'rollout'],
  ]) {
    const script = part === 'policy' ? [] : [`/page/${part}.js`];
    for (const path of [`/page/palaestra_page_${part}.wasm`, ...script]) {
      test(`ends ${ask} without ${path} in a typed error, and the page goes on`, async (t) => {
        let fault;
        const site = await open(t, (asked) => (asked === path ? faults[fault]?.() : undefined));
        for (fault of Object.keys(faults)) {
          const { error, value } = await attempt(asks[ask]);
          assert.equal(value, undefined, fault);
          assert.equal(error.typed, true, `${fault}: ${error.message}`);
          const code = fault === 'stalls' ? 'deadline_exceeded' : 'load_failed';
          assert.equal(error.code, ask === 'match' ? 'match_failed' : code, error.message);
          await isWhole();
        }
        // Whoever asks again has the part loaded then.
        fault = undefined;
        const closed = "return make('CartPole-v1').then((env) => env.close());";
        const before = site.requests.length;
        const again = attempt(ask === 'make' ? closed : asks[ask]);
        // Nobody serves matches here: a game waits for one until its page is closed.
        if (ask === 'match') again.catch(() => {});
        else assert.equal((await again).error, undefined);
        await eventually(`${path} to come`, () =>
          site.requests.slice(before).some((request) => request.path === path && request.status === 200),
        );
      });
    }
  }

  test('keeps a game of a match waiting, whatever its page and its person do meanwhile', async (t) => {
    await open(t, (path) => (path === '/page/palaestra_page_match.wasm' ? faults.stalls() : undefined));
    const seen = await page.evaluate(async () => {
      const canvas = document.getElementById('canvas');
      const states = [];
      const game = window.palaestra.play({
        env: 'overcooked_ai/cramped_room',
        canvas,
        match: { lobby: 'kitchen' },
        onMatch() {},
        onStep() {},
        onTransition: ({ to }) => states.push(to),
        focusTimeout: 60_000,
      });
      // What tells of steps comes first.
      await window.until('the game to wait', () => game.state === 'waiting');
      // Nobody stops a game that others play.
      for (const name of ['pause', 'resume']) await window.attempt(() => game[name]());
      for (const type of ['blur', 'focus']) window.dispatchEvent(new Event(type));
      document.dispatchEvent(new Event('visibilitychange'));
      for (const type of ['keydown', 'keyup']) {
        canvas.dispatchEvent(new KeyboardEvent(type, { code: 'ArrowLeft', bubbles: true }));
      }
      const { state, score, episode, frameNumber, match, paused, recordedBytes, seed } = game;
      const { pipelineMetrics: metrics } = game;
      const read = [score, episode, frameNumber, match, paused, recordedBytes, typeof seed, metrics.count];
      const tables = [metrics.summary(), metrics.history(), metrics.table(), metrics.lastInputTimestamps].length;
      // Longer than the looks after a Worker that is silent, and an end that settles, would take to show.
      await new Promise((later) => setTimeout(later, 1500));
      const settled = await window.settle(game.dispose('excluded'), 5000);
      return { state, read, tables, states, error: settled.error, reason: settled.value?.reason };
    });
    assert.equal(seen.state, 'waiting');
    assert.deepEqual([seen.error, seen.reason], [undefined, 'excluded']);
    assert.deepEqual(seen.states.slice(-2), ['ended', 'disposed']);
    await isWhole();
  });

  test('is not needed by a game alone, from its first key to its packed record', async (t) => {
    const of = Object.keys(split).map((part) => `/page/palaestra_page_${part}.wasm`);
    const site = await open(t, (path) => {
      if (of.includes(path)) return faults.missing();
      return path.startsWith('/worker/') && /_(program|options)\.wasm$/.test(path) ? faults.missing() : undefined;
    });
    // Packed before the record's part is looked for, and after: neither is needed where a Worker makes the file.
    for (const ms of [0, 2500]) {
      const { value, error } = await page.evaluate(
        (ms) =>
          window.attempt(async () => {
            const canvas = document.getElementById('canvas');
            const game = window.palaestra.play({ env: 'CartPole-v1', canvas, fps: 60 });
            await window.until('steps', () => game.frameNumber > 3);
            for (const type of ['blur', 'focus']) window.dispatchEvent(new Event(type));
            game.pause();
            game.resume();
            await new Promise((later) => setTimeout(later, ms));
            const record = await game.dispose('closed');
            const { gzip, identical, message } = await record.pack();
            return { gzip, identical, message, outcome: record.disposal.outcome };
          }),
        ms,
      );
      assert.equal(error, undefined);
      // What replays it is a part, too.
      assert.match(value.message, /_(program|options)\.wasm/);
      assert.deepEqual([value.gzip, value.identical, value.outcome], [true, null, 'graceful'], value.message);
    }
    assert.ok(!site.requests.some(({ path }) => /_(make|match|policy|rollout|watch)\.wasm$/.test(path)));
  });

  test('of what only some games are asked for is waited for by these', async (t) => {
    let gone = true;
    await open(t, (path) => (gone && path === '/page/palaestra_page_options.wasm' ? faults.missing() : undefined));
    const games = [
      "env: 'CartPole-v1', seats: { agent_0: 'random' }",
      "env: 'CartPole-v1', keys: { KeyJ: 0, KeyL: 1 }, seats: { agent_0: { action: 1 } }",
      "env: 'CartPole-v1', kwargs: { sutton_barto_reward: true }, seats: { agent_0: 'idle' }",
      "env: 'CartPole-v1', participant: 'p 7', seats: { agent_0: 'random' }",
      "env: 'CartPole-v1', tween: false, seats: { agent_0: 'random' }",
    ];
    const outcome = (ask) =>
      attempt(`return play({ ${ask}, fps: 60, maxSteps: 5 }).finished.then(({ steps }) => steps);`);
    for (const ask of games) {
      const { error } = await outcome(ask);
      assert.deepEqual([error?.typed, error?.code], [true, 'load_failed'], `${ask}: ${error?.message}`);
    }
    const preloaded = await attempt(asks.preload);
    assert.deepEqual([preloaded.error?.typed, preloaded.error?.code], [true, 'load_failed'], preloaded.error?.message);
    // Actions that are no plain numbers are found when the environment is there.
    const boxes = "env: 'Pendulum-v1', canvas: document.getElementById('canvas')";
    const without = await outcome(boxes);
    assert.deepEqual([without.error?.typed, without.error?.code], [true, 'load_failed'], without.error?.message);
    gone = false;
    assert.equal((await attempt(asks.preload)).error, undefined);
    for (const ask of [...games, boxes]) {
      const { error, value } = await outcome(ask);
      assert.equal(value, 5, `${ask}: ${error?.message}`);
    }
    await isWhole();
  });

  test('of what is asked for besides a game is waited for by whoever asks, and by nobody else', async (t) => {
    let gone = true;
    await open(t, (path) => (gone && path === '/worker/classic_control_options.wasm' ? faults.missing() : undefined));
    const alone = await page.evaluate(() =>
      window.attempt(async () => {
        const canvas = document.getElementById('canvas');
        const game = window.palaestra.play({ env: 'CartPole-v1', canvas, kwargs: {}, fps: 60 });
        await window.until('a second episode', () => game.episode > 1);
        return (await game.dispose('closed')).disposal.outcome;
      }),
    );
    assert.deepEqual([alone.value, alone.error], ['graceful', undefined]);
    const all = {
      "seats: { agent_0: 'random' }": undefined,
      "seats: { agent_0: 'expert' }": undefined,
      'seats: { agent_0: { action: 1 } }': undefined,
      // What it says of arguments and options is in that part as well.
      'kwargs: { sutton_barto_reward: 1 }': 'true or false, found 1',
      'resetOptions: { low: 1 }': '`high` not below `low` (1), found 0.05',
    };
    const outcome = (asked) =>
      attempt(`return play({ env: 'CartPole-v1', ${asked}, maxSteps: 5, loadTimeout: 5000 }).finished.then(() => 0);`);
    for (const asked of Object.keys(all)) {
      const { error } = await outcome(asked);
      assert.deepEqual([error?.typed, error?.code], [true, 'load_failed'], `${asked}: ${error?.message}`);
    }
    gone = false;
    for (const [asked, words] of Object.entries(all)) {
      const { error, value } = await outcome(asked);
      if (words) assert.ok(error?.message.includes(words), `${asked}: ${error?.message}`);
      else assert.equal(value, 0, `${asked}: ${error?.message}`);
    }
    await isWhole();
  });

  test('ends a record that the page would have to make itself in a typed error, and it is made when the part is there', async (t) => {
    let gone = true;
    await open(t, (path) =>
      path.startsWith('/verifier/') || (gone && path.endsWith('_page_record.wasm')) ? faults.missing() : undefined,
    );
    const { error } = (await playShort({ keep: true, snapshot: true })).value.early;
    assert.deepEqual([error?.typed, error?.code], [true, 'load_failed'], error?.message);
    for (const name of ['text', 'blob', 'pack']) {
      const { error, value } = await page.evaluate((name) => window.attempt(() => window.record[name]()), name);
      assert.equal(value, undefined, name);
      assert.deepEqual([error?.typed, error?.code], [true, 'load_failed'], `${name}: ${error?.message}`);
    }
    await isWhole();
    gone = false;
    const lines = await page.evaluate(async () => (await window.record.text()).trim().split('\n').length);
    assert.ok(lines > 5, `${lines} lines`);
  });

  test('ends a table in a typed error, while those that lack nothing of it are written, and it is written when the part is there', async (t) => {
    let fault;
    const path = '/export/palaestra_export_module_columns.wasm';
    await open(t, (asked) => (asked === path ? faults[fault]?.() : undefined));
    await playShort({ keep: true });
    const ask = (name) => page.evaluate((name) => window.attempt(async () => (await window.record[name]()).size), name);
    for (fault of ['missing', 'broken']) {
      for (const name of ['arrow', 'minari']) {
        const { error, value } = await ask(name);
        assert.equal(value, undefined, name);
        assert.deepEqual([error?.typed, error?.code], [true, 'load_failed'], `${name}: ${error?.message}`);
      }
      assert.ok((await ask('csv')).value > 0);
    }
    fault = undefined;
    for (const name of ['arrow', 'minari']) assert.ok((await ask(name)).value > 0, name);
    await isWhole();
  });

  test('keeps nobody from ending a game whose picture has not come', async (t) => {
    await open(t, (path) => (path.startsWith('/art/') ? faults.stalls() : undefined));
    const { value, error } = await page.evaluate(() =>
      window.attempt(async () => {
        const game = window.palaestra.play({
          env: 'overcooked_ai/cramped_room',
          canvas: document.getElementById('canvas'),
          seats: { agent_0: 'random', agent_1: 'random' },
        });
        // Its Worker is there and has been told of no game yet.
        await window.until('the picture to be asked for', () =>
          performance.getEntriesByType('resource').some(({ name }) => name.endsWith('overcooked_ai_bg.wasm')),
        );
        await new Promise((later) => setTimeout(later, 1500));
        const { state } = game;
        return { state, disposal: (await game.dispose('closed')).disposal.outcome };
      }),
    );
    assert.equal(error, undefined, error?.message);
    assert.deepEqual(value, { state: 'validating', disposal: 'graceful' });
    await isWhole();
  });

  test('of programs makes no Worker of a game trap, whatever it is asked', async (t) => {
    await open(t, () => undefined);
    const seen = await page.evaluate(
      async ({ operations, close }) => {
        const module = await WebAssembly.compileStreaming(fetch('./worker/classic_control_bg.wasm'));
        const worker = new Worker('./worker/boot.js', { type: 'module' });
        const heard = [];
        worker.onmessage = ({ data }) => void heard.push(data);
        worker.onerror = ({ message }) => void heard.push({ error: message });
        const hear = async () => {
          await window.until('a word of the Worker', () => heard.length > 0, 5000);
          return heard.shift();
        };
        const shared = globalThis.SharedArrayBuffer && new SharedArrayBuffer(1 << 21);
        worker.postMessage({ module, parts: [], id: 1, game: true, shared, make: { envId: 'CartPole-v1' } });
        const made = await hear();
        const answers = [];
        for (const operation of operations.filter((operation) => operation !== close).concat(close)) {
          const request = new Uint8Array(8);
          request[0] = operation;
          new DataView(request.buffer).setUint32(4, 7, true);
          worker.postMessage(request.buffer, [request.buffer]);
          const reply = await hear();
          const view = reply instanceof ArrayBuffer ? new DataView(reply) : undefined;
          answers.push(view ? [view.getUint8(0), view.getUint8(1), view.getUint32(4, true)] : reply);
        }
        worker.terminate();
        return { made: Boolean(made.spec), answers };
      },
      { operations: Object.values(operations), close: operations.close },
    );
    assert.equal(seen.made, true, JSON.stringify(seen));
    const last = seen.answers.pop();
    for (const [index, answer] of seen.answers.entries()) {
      assert.ok(Array.isArray(answer), JSON.stringify(answer));
      const [error, code, id] = answer;
      const known = [errorCodes.out_of_order, errorCodes.bad_message];
      assert.ok(error === 1 && known.includes(code) && id === 7, `request ${index}: ${answer}`);
    }
    assert.deepEqual(last?.[0], 0, 'it ends when it is to');
  });
});
