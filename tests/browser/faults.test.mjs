import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';

/**
 * What the actions of `Faults-v0` do (tests/families/faults). `struck` says what becomes of the step that does
 * it, `later` of all that follow; a step that is fine all the same has no code.
 */
const faults = [
  { name: 'panics', action: 1, struck: 'panicked', later: 'panicked', message: /a fault on purpose at step 2/ },
  { name: 'never returns', action: 2, struck: 'deadline_exceeded', later: 'deadline_exceeded', message: /deadline/ },
  {
    name: 'allocates without end',
    action: 3,
    struck: 'worker_failed',
    later: 'worker_failed',
    message: /unreachable|memory/i,
  },
  { name: 'leaves a rejection unhandled', action: 4, later: 'worker_failed', message: /a rejection on purpose/ },
  {
    name: 'says what is no message',
    action: 5,
    struck: 'bad_message',
    later: 'bad_message',
    message: /no message of the protocol/,
  },
  { name: 'ends its own Worker', action: 6, struck: 'maybe', later: 'deadline_exceeded', message: /deadline/ },
  {
    name: 'sends three bytes',
    action: 7,
    struck: 'bad_message',
    later: 'bad_message',
    message: /message of the Worker: the message ends inside a field/,
  },
];

describe('a Worker that goes wrong', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let page;

  before(async () => {
    site = await openTestSite(owner, { faults: true });
    browser = await launchBrowser(owner);
  });
  beforeEach(async () => void (page = await openBarePage(browser, site)));
  afterEach(async () => {
    assert.deepEqual(page.uncaught, []);
    await workersGone(browser);
    await page.context().close();
  });

  for (const { name, action, struck, later, message } of faults) {
    // Where the limit is not what is expected, it is one that a busy machine keeps: to allocate all there is takes it a while.
    const stepTimeout = later === 'deadline_exceeded' ? 600 : 8000;

    test(`because a step ${name} fails every call with that reason, and is gone`, async () => {
      const seen = await page.evaluate(
        async ([action, stepTimeout]) => {
          const env = await window.palaestra.make('Faults-v0', {}, { stepTimeout });
          await env.reset();
          await env.stepMany([0, 0]);
          const asked = [env.step(action), env.step(0), env.hash()];
          const [step, ...behind] = await Promise.all(asked.map((promise) => window.settle(promise)));
          // What goes wrong without an answer is noticed by the next to ask.
          const late = await window.settle(env.step(0));
          return {
            step,
            behind,
            late,
            last: await window.settle(env.save()),
            report: await window.settle(env.close()),
          };
        },
        [action, stepTimeout],
      );
      await workersGone(browser, page);
      const settled = [seen.step, ...seen.behind, seen.late, seen.last];
      assert.ok(
        settled.every((outcome) => !outcome.pending),
        'a promise is pending',
      );
      if (struck === undefined) assert.equal(seen.step.value?.reward, 1);
      else if (struck !== 'maybe') assert.equal(seen.step.error?.code, struck, seen.step.error?.message);
      for (const { error } of [seen.late, seen.last]) {
        assert.deepEqual([error?.typed, error?.code], [true, later], error?.message);
        assert.match(error.message, message);
      }
      assert.equal(seen.report.value.outcome, 'forced');
    });

    test(`because a step ${name} ends a game, which hands over what was played`, async () => {
      const seen = await page.evaluate(
        async ([action, stepTimeout]) => {
          const states = [];
          const game = window.palaestra.play({
            env: 'Faults-v0',
            canvas: document.getElementById('canvas'),
            idle: [0, 0, action, 0, 0],
            fps: 60,
            stepTimeout,
            onTransition: ({ to, reason }) => states.push([to, reason]),
          });
          const { value: record, ...otherwise } = await window.settle(game.finished);
          return {
            otherwise,
            states: states.slice(-2),
            state: game.state,
            live: window.palaestra.liveSessions(),
            frames: game.frameNumber,
            steps: record?.steps,
            reason: record?.reason,
            error: record?.error && { code: record.error.code, message: record.error.message },
            typed: record?.error instanceof window.palaestra.PalaestraError,
            disposal: record?.disposal,
            lines: (await record?.text())
              ?.trim()
              .split('\n')
              .map((line) => JSON.parse(line)),
          };
        },
        [action, stepTimeout],
      );
      await workersGone(browser, page);
      assert.deepEqual(seen.otherwise, {});
      assert.deepEqual([seen.state, seen.live, seen.reason], ['disposed', 0, 'error']);
      assert.deepEqual(seen.states, [
        ['ended', 'error'],
        ['disposed', undefined],
      ]);
      assert.equal(seen.error.code, later, seen.error.message);
      assert.ok(seen.typed);
      assert.match(seen.error.message, message);
      assert.equal(seen.disposal.outcome, 'forced');
      const played = seen.lines.filter((line) => line.type === 'step');
      assert.ok(played.length >= 2 && played.length <= 4, `${played.length} steps`);
      assert.deepEqual([seen.steps, seen.frames], [played.length, played.length]);
      const [header] = seen.lines;
      assert.deepEqual([header.reason, header.error.code], ['error', later]);
    });
  }

  test('by steps that take longer than ticks hears each key between them', async () => {
    await page.evaluate(async () => {
      window.game = window.palaestra.play({
        env: 'Faults-v0',
        canvas: document.getElementById('canvas'),
        keys: { KeyK: 9 },
        idle: [8],
        inputMode: 'single_keystroke',
        fps: 60,
      });
      window.finished = window.settle(window.game.finished, 60_000);
      await window.until('the game to play', () => window.game.frameNumber >= 3, 30_000);
    });
    for (let stroke = 0; stroke < 8; stroke += 1) {
      await page.keyboard.press('KeyK');
      // At another moment of what is granted each time.
      await page.waitForTimeout(170 + 31 * stroke);
    }
    const seen = await page.evaluate(async () => {
      window.game.dispose('complete');
      const { value: record } = await window.finished;
      return { rows: window.game.pipelineMetrics.table(), reason: record.reason };
    });
    const struck = seen.rows.filter((row) => !Number.isNaN(row.keypressTimestamp));
    assert.equal(struck.length, 8, 'each stroke is a step');
    for (const row of struck) {
      const between = seen.rows.filter(
        ({ stepBeginTimestamp: at }) => at > row.queueExitTimestamp && at < row.stepBeginTimestamp,
      );
      assert.ok(between.length <= 2, `${between.length} steps between a key and its own`);
    }
    assert.equal(seen.reason, 'complete');
  });

  test('because it allocates without end harms neither the page nor the next Worker', async () => {
    const seen = await page.evaluate(async () => {
      const greedy = await window.palaestra.make('Faults-v0');
      const other = await window.palaestra.make('Faults-v0');
      await Promise.all([greedy.reset(), other.reset()]);
      const struck = await window.settle(greedy.step(3));
      const beside = await window.settle(other.step(0));
      const next = await window.palaestra.make('Faults-v0');
      await next.reset();
      const after = await window.settle(next.step(0));
      await Promise.all([greedy, other, next].map((env) => env.close()));
      return { struck, beside, after };
    });
    assert.equal(seen.struck.error?.code, 'worker_failed');
    assert.deepEqual([seen.beside.value.reward, seen.after.value.reward], [1, 1]);
  });

  test('because its message cannot be read fails what is pending', async () => {
    const seen = await page.evaluate(async () => {
      // No message of a Worker's can be made unreadable on purpose: the browser's word for it has to do.
      const Native = window.Worker;
      let worker;
      window.Worker = class extends Native {
        constructor(address, options) {
          super(address, options);
          worker = this;
        }
      };
      const env = await window.palaestra.make('Faults-v0');
      await env.reset();
      const pending = window.settle(env.step(2));
      worker.dispatchEvent(new MessageEvent('messageerror'));
      return { step: await pending, next: await window.settle(env.step(0)) };
    });
    await workersGone(browser, page);
    for (const { error } of [seen.step, seen.next]) {
      assert.equal(error?.code, 'bad_message');
      assert.match(error.message, /could not be read/);
    }
  });

  test('while it is being closed is gone in a bounded time, and everybody who asked is answered', async () => {
    const seen = await page.evaluate(async () => {
      const env = await window.palaestra.make('Faults-v0');
      await env.reset();
      const pending = [env.step(2), env.step(0)].map((promise) => window.settle(promise));
      const [report, again] = await Promise.all([env.close(), env.close()]);
      return { report, again, outcomes: await Promise.all(pending) };
    });
    await workersGone(browser, page);
    assert.deepEqual(
      seen.outcomes.map(({ error }) => error?.code),
      ['session_closed', 'session_closed'],
    );
    assert.deepEqual([seen.report.outcome, seen.report.rejectedRequests], ['forced', 2]);
    assert.deepEqual(seen.again, seen.report);
    assert.ok(seen.report.durationMs < 2000, `${seen.report.durationMs} ms`);
  });

  for (const [name, action] of [
    ['works', 0],
    ['never returns', 2],
    ['panics', 1],
  ]) {
    test(`or not: a game disposed of twice during a step that ${name} ends once`, async () => {
      const seen = await page.evaluate(async (action) => {
        const reasons = [];
        const game = window.palaestra.play({
          env: 'Faults-v0',
          idle: [0, action],
          fps: 60,
          onTransition: ({ to, reason }) => to === 'ended' && reasons.push(reason),
        });
        await window.until('the first step', () => game.frameNumber >= 1);
        // The second step is due a frame later. One that panics ends the game; one that never returns is surely under way by then.
        if (action === 1) await window.until('the game to end', () => game.state === 'disposed');
        else await new Promise((done) => setTimeout(done, 500));
        const first = game.dispose('excluded');
        const second = game.dispose('complete');
        const [one, other] = await Promise.all([window.settle(first), window.settle(second)]);
        const same = first === second && one.value === other.value;
        return {
          same,
          reasons,
          reason: one.value?.reason,
          disposal: one.value?.disposal,
          live: window.palaestra.liveSessions(),
        };
      }, action);
      await workersGone(browser, page);
      const expected = action === 1 ? 'error' : 'excluded';
      assert.deepEqual(seen, { ...seen, same: true, reasons: [expected], reason: expected, live: 0 });
      if (action === 2) {
        // At most the grant that the Worker never answered.
        assert.equal(seen.disposal.outcome, 'forced');
        assert.ok(seen.disposal.rejectedRequests <= 1, `${seen.disposal.rejectedRequests} requests`);
      }
      if (action === 0) assert.equal(seen.disposal.outcome, 'graceful');
    });
  }
});
