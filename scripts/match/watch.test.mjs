import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { waits } from '../../crates/page/src/match/waits.js';
import { WatchClient } from '../../crates/page/src/watch/client.js';
import { watchHead } from '../../crates/page/src/watch/head.js';
import { readHeard } from '../../crates/page/src/watch/heard.js';

const asked = { match: 'm-1', token: 'secret' };
const watching = {
  type: 'watching',
  match: 'm-1',
  number: 7,
  lobby: 'kitchen',
  size: 2,
  env_id: 'overcooked_ai/cramped_room',
  kwargs: {},
  agents: ['agent_0', 'agent_1'],
  fps: 30,
  seed: 90071992547409,
  state: 'playing',
  frames: 120,
  age_ms: 5000,
  play_url: '/play',
  ticket: 'm-1.w.0.ab',
};
const ended = {
  type: 'ended',
  reason: 'complete',
  code: 'complete',
  message: 'Done.',
  match: 'm-1',
  completion_code: null,
};
const refused = (code, fatal = true) => ({ type: 'error', code, message: 'No.', fatal });

/** A client whose outputs are kept, with a clock of its own. */
class Page {
  now = 1000;
  sent = [];
  told = [];
  connects = 0;
  closed = [];
  timer;

  constructor() {
    this.client = new WatchClient(asked);
    this.take(this.client.begin(this.now));
  }

  take(outputs) {
    for (const output of outputs) {
      if (output.type === 'send') this.sent.push(JSON.parse(output.text));
      else if (output.type === 'tell') this.told.push(output.event);
      else if (output.type === 'connect') this.connects += 1;
      else if (output.type === 'close') this.closed.push(output.code);
      else if (output.type === 'timer') this.timer = output.at;
    }
    return this;
  }

  hears(event) {
    return this.take(this.client.handle(this.now, event));
  }

  says(message) {
    return this.hears({ type: 'text', data: typeof message === 'string' ? message : JSON.stringify(message) });
  }

  /** Lets the next deadline come. */
  rings() {
    assert.ok(this.timer !== undefined, 'there is a deadline');
    this.now = Math.max(this.now, this.timer);
    return this.hears({ type: 'rang' });
  }

  types() {
    return this.told.map(({ type }) => type);
  }
}

describe('the control socket of whoever watches', () => {
  test('asks, is told what to watch, answers pings, and hears of the end', () => {
    const page = new Page().hears({ type: 'open' });
    assert.deepEqual(page.sent, [{ type: 'watch', match: 'm-1', token: 'secret' }]);
    page.says(watching).says({ type: 'ping', t: 5 });
    assert.deepEqual(page.sent.at(-1), { type: 'pong', t: 5 });
    assert.deepEqual(page.told, [{ type: 'watching', watching }]);
    page.says(ended);
    assert.deepEqual(page.told.at(-1), { type: 'ended', reason: 'complete', code: 'complete', message: 'Done.' });
    assert.deepEqual([page.closed, page.timer], [[1000], undefined]);
    assert.deepEqual(
      page.hears({ type: 'closed', code: 1000 }).types(),
      ['watching', 'ended'],
      'nothing after the end',
    );
  });

  test('what the server refuses is told once, with its code', () => {
    for (const code of ['bad_token', 'match_over', 'unknown_lobby']) {
      const page = new Page().hears({ type: 'open' }).says(refused(code));
      assert.deepEqual(page.told, [{ type: 'failed', code, message: 'No.' }]);
      page.hears({ type: 'closed', code: 4004 });
      assert.equal(page.told.length, 1);
      assert.equal(page.timer, undefined);
    }
    const page = new Page().hears({ type: 'open' }).hears({ type: 'closed', code: 4004 });
    assert.equal(page.told[0].code, 'bad_token');
  });

  test('a refusal that passes, a lost connection and silence are tried again for a minute', () => {
    const losses = [
      (page) => page.hears({ type: 'open' }).says(refused('too_many')),
      (page) => page.hears({ type: 'open' }).hears({ type: 'closed', code: 1006 }),
      (page) => page.hears({ type: 'closed', code: 1006 }),
      (page) => page.hears({ type: 'open' }).rings(),
      (page) => page.rings(),
    ];
    for (const [index, lose] of losses.entries()) {
      const page = new Page();
      const began = page.now;
      for (let turn = 0; page.told.length === 0; turn += 1) {
        assert.ok(turn < 100, `loss ${index} comes to no end`);
        lose(page);
        if (page.told.length === 0) page.rings();
      }
      assert.deepEqual([page.told[0].type, page.told[0].code], ['failed', 'connection_lost'], `loss ${index}`);
      assert.ok(
        page.connects > 2 && page.now - began < 2 * waits.reconnect,
        `${page.connects} in ${page.now - began} ms`,
      );
    }
  });

  test('signs of life alone are no answer: that is tried again for a minute as well', () => {
    const page = new Page();
    for (let seconds = 0; seconds < 180 && page.told.length === 0; seconds += 1) {
      if (page.connects > page.closed.length) page.hears({ type: 'open' });
      page.now += 1_000;
      page.says({ type: 'ping', t: seconds });
      while (page.timer <= page.now) page.hears({ type: 'rang' });
    }
    assert.deepEqual([page.told[0]?.type, page.told[0]?.code], ['failed', 'connection_lost']);
  });

  test('whoever watches already asks again, and is not told twice', () => {
    const page = new Page().hears({ type: 'open' }).says(watching);
    for (let turn = 0; turn < 60; turn += 1) page.hears({ type: 'closed', code: 1006 }).rings();
    page.hears({ type: 'open' }).says(watching).says(ended);
    assert.deepEqual(page.types(), ['watching', 'ended']);
    const gone = new Page().hears({ type: 'open' }).says(watching).hears({ type: 'closed', code: 1012 }).rings();
    gone.hears({ type: 'open' }).says(refused('match_over'));
    assert.deepEqual([gone.types(), gone.timer], [['watching'], undefined]);
  });

  test('a message that is none ends it with what was expected', () => {
    const wrong = [
      '{',
      '[]',
      '{"type":"welcome"}',
      JSON.stringify({ ...watching, seed: -1 }),
      JSON.stringify({ ...watching, agents: 1 }),
    ];
    for (const data of wrong) {
      const page = new Page().hears({ type: 'open' }).says(data);
      assert.deepEqual([page.told[0].type, page.told[0].code], ['failed', 'malformed'], data);
      assert.match(page.told[0].message, /expected/);
    }
    const bytes = new Page().hears({ type: 'open' }).hears({ type: 'text', data: new ArrayBuffer(3) });
    assert.equal(bytes.told[0].code, 'malformed');
  });

  test('leaving ends it in every state, silently', () => {
    const states = [
      () => new Page(),
      () => new Page().hears({ type: 'open' }),
      () => new Page().hears({ type: 'open' }).says(watching),
      () => new Page().hears({ type: 'closed', code: 1006 }),
    ];
    for (const state of states) {
      const page = state();
      const told = page.told.length;
      page.hears({ type: 'leave' });
      page.hears({ type: 'open' }).says(ended).hears({ type: 'rang' });
      assert.deepEqual([page.told.length, page.timer], [told, undefined]);
    }
  });
});

test('the Worker is asked in the bytes that crates/protocol reads', () => {
  const head = watchHead({ number: 0x01020304, seed: 2 ** 40 + 5, fps: 30 }, 'ws://a/é', true);
  const view = new DataView(head.buffer);
  assert.deepEqual([view.getUint32(0, true), view.getBigUint64(4, true)], [0x01020304, 2n ** 40n + 5n]);
  assert.deepEqual([view.getFloat64(12, true), view.getUint8(20), view.getUint32(21, true)], [30, 1, 9]);
  assert.equal(new TextDecoder().decode(head.slice(25)), 'ws://a/é');
});

describe('what the Worker says of a match that it follows', () => {
  const zeros = (count) => new Array(count).fill(0);
  const u32 = (number) => [...new Uint8Array(Uint32Array.of(number).buffer)];
  const hash = [1, 0, 0, 0, 0, 0, 0, 0xab];

  test('is read as crates/protocol writes it', () => {
    const blocks = [...u32(2), 5, 6, ...u32(3), 7, 8, 9];
    const step = Uint8Array.from([2, 1, 3, 0, ...u32(70_000), ...zeros(64), ...blocks, ...hash, 11, 12]);
    const read = readHeard(step);
    assert.deepEqual([read.type, read.frame, read.hash], ['step', 70_000, 'ab00000000000001']);
    assert.deepEqual(
      [[...read.actions], [...read.returns], [...read.scene]],
      [
        [5, 6],
        [7, 8, 9],
        [11, 12],
      ],
    );
    const shown = readHeard(Uint8Array.from([2, 2, 0, 0, ...u32(3), ...u32(0), ...zeros(56), 4]));
    assert.deepEqual([shown.type, [...shown.scene]], ['shown', [4]]);
    const began = readHeard(
      Uint8Array.from([2, 3, 2, 0, ...u32(1), ...u32(400), ...zeros(8), ...u32(1), 3, ...hash, 9]),
    );
    assert.deepEqual([began.type, began.episode, [...began.scene]], ['began', 1, [9]]);
    const told = (kind, text = '') =>
      readHeard(
        Uint8Array.from([2, 4, kind, 0, ...u32(4012), ...u32(9), ...zeros(16), ...new TextEncoder().encode(text)]),
      );
    assert.deepEqual(told(3, 'match_over'), { type: 'closed', first: 4012, second: 9, text: 'match_over' });
    assert.deepEqual(told(11), { type: 'joined', first: 4012, second: 9, text: '' });
    for (const nothing of [told(6), readHeard(Uint8Array.of(2, 5, 0, 0)), readHeard(Uint8Array.of(0, 1, 2))]) {
      assert.equal(nothing, undefined);
    }
  });

  test('cut off it is an error', () => {
    const step = Uint8Array.from([2, 1, 3, 0, ...u32(1), ...zeros(64), ...u32(1), 5, ...u32(1), 7, ...hash]);
    for (let end = 3; end < step.length; end += 1)
      assert.throws(() => readHeard(step.slice(0, end)), RangeError, `${end}`);
    assert.equal(readHeard(step).scene.length, 0);
  });
});
