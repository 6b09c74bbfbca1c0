import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { Control } from '../../crates/page/src/match/control.js';
import { messageTypes } from '../../crates/page/src/match/message.js';
import { waits } from '../../crates/page/src/match/waits.js';
import { serverProtocol } from '../../crates/page/src/protocol.js';

const hello = { lobby: 'kitchen', env_id: 'overcooked_ai/cramped_room', kwargs: {} };
const matched = {
  type: 'matched',
  match: 'm-1',
  number: 7,
  seat: 1,
  incarnation: 1,
  size: 2,
  seats: [
    { seat: 0, agent: 'agent_0', kind: 'person' },
    { seat: 1, agent: 'agent_1', kind: 'person' },
  ],
  agents: ['agent_0', 'agent_1'],
  env_id: 'overcooked_ai/cramped_room',
  kwargs: {},
  fps: 30,
  mode: 'rollback',
  seed: 90071992547409,
  epoch: 1,
  input_delay: 2,
  dropout: 'pause',
  play_url: '/play',
  ticket: 't1',
  ice_servers: [],
  transport: 'auto',
  within_ms: 30_000,
  grace_ms: 30_000,
};
const welcome = {
  type: 'welcome',
  protocol: serverProtocol,
  lobby: 'kitchen',
  participant: 'p1',
  token: 'signed',
  state: 'waiting',
  resumed: false,
  replaced: false,
  env_id: 'overcooked_ai/cramped_room',
  kwargs: {},
  size: 2,
  fps: 30,
};
const waiting = { type: 'waiting', position: 1, count: 1, size: 2, timeout_left_ms: 300_000, estimate_ms: null };
const start = { type: 'start', match: 'm-1', epoch: 1, in_ms: 500, input_delay: 3, resume: false, frames: 0 };
const validate = { type: 'validate', match: 'm-1', attempt: 1, transport: 'auto', within_ms: 10_000 };
const ended = {
  type: 'ended',
  reason: 'complete',
  code: 'complete',
  message: 'Done.',
  match: 'm-1',
  completion_code: 'C1',
};
const record = { type: 'record', match: 'm-1', frames: 90, verified: true, difference: null, seats_differ: [] };
const samples = { welcome, waiting, matched, start, validate, ended, record };

/** A page and its server, by hand: what was sent, what was told, and a clock. */
class Table {
  now = 1000;
  sent = [];
  told = [];
  acts = [];
  timer;

  constructor(options = {}) {
    this.control = new Control(hello, { random: () => 0.5, ...options });
    this.take(this.control.begin(this.now));
  }

  take(outputs) {
    for (const output of outputs) {
      if (output.type === 'send') this.sent.push(JSON.parse(output.text));
      else if (output.type === 'tell') this.told.push(output.event);
      else if (output.type === 'timer') this.timer = output.at;
      else this.acts.push(output.type === 'close' ? `close ${output.code}` : output.type);
    }
  }

  does(event) {
    this.take(this.control.handle(this.now, event));
    return this;
  }

  says(...messages) {
    for (const message of messages) this.does({ type: 'text', data: JSON.stringify(message) });
    return this;
  }

  /** Time passes, timers ring when they are due. */
  passes(ms) {
    const end = this.now + ms;
    for (let rings = 0; this.timer !== undefined && this.timer <= end; rings += 1) {
      assert.ok(rings < 10_000, 'timers ring for ever');
      this.now = Math.max(this.now, this.timer);
      this.does({ type: 'rang' });
    }
    this.now = end;
    return this;
  }

  open() {
    return this.does({ type: 'open' });
  }

  get types() {
    return this.told.map(({ type }) => type);
  }

  last(type) {
    return this.told.findLast((event) => event.type === type);
  }
}

const atWelcome = (options) => new Table(options).open().says(welcome);
const inMatch = () => atWelcome().says(waiting, matched).does({ type: 'ready' }).says(validate);
const playing = () =>
  inMatch()
    .does({ type: 'validated', attempt: 1, paths: [{ seat: 0, path: 'relay', rtt_ms: 20 }] })
    .says(start);

describe('a server of another version', () => {
  test('is told apart by its welcome, and by what it refuses, and the error says so', () => {
    const newer = new Table().open().says({ ...welcome, protocol: serverProtocol + 1 });
    const { code, message } = newer.last('failed');
    assert.equal(code, 'wrong_protocol');
    assert.match(
      message,
      new RegExp(`expected version ${serverProtocol} .*, found ${serverProtocol + 1}: .* different versions`),
    );
    const older = new Table().open().says({ type: 'error', code: 'wrong_protocol', message: 'of old', fatal: true });
    assert.deepEqual(older.last('failed'), { type: 'failed', code: 'wrong_protocol', message: 'of old' });
    for (const table of [newer, older]) assert.deepEqual([table.control.phase, table.timer], ['over', undefined]);
  });
});

test('the document names the version of the protocol on both sockets', async () => {
  const text = await readFile(new URL('../../docs/server-protocol.md', import.meta.url), 'utf8');
  const named = [...text.matchAll(/`protocol` (?:u8 = )?(\d+)/g)].map(([, version]) => Number(version));
  assert.deepEqual(named, [serverProtocol, serverProtocol]);
});

describe('the way into a game', () => {
  test('hello, welcome, waiting, matched, ready, validated, start, finished, ended, record', () => {
    const table = playing().does({ type: 'finished', frames: 90, planned: true }).says(ended, record);
    assert.deepEqual(
      table.sent.map(({ type }) => type),
      ['hello', 'ready', 'validated', 'finished'],
    );
    assert.deepEqual(table.sent.at(-1), { type: 'finished', match: 'm-1', frames: 90, planned: true });
    assert.deepEqual(table.sent[0], { type: 'hello', protocol: serverProtocol, ...hello });
    assert.deepEqual(table.sent[2].paths, [{ seat: 0, path: 'relay', rtt_ms: 20 }]);
    const expected = ['connection', 'welcome', 'waiting', 'matched', 'validate', 'start', 'ended', 'record', 'over'];
    assert.deepEqual(table.types, expected);
    assert.equal(table.last('ended').completionCode, 'C1');
    assert.equal(table.last('record').verified, true);
    assert.deepEqual([table.control.phase, table.timer, table.acts.at(-1)], ['over', undefined, 'close 1000']);
    assert.ok(table.acts.includes('keep'));
  });

  test('questions of the server are answered at once', () => {
    const table = atWelcome().says({ type: 'are_you_there', within_ms: 5000 }, { type: 'ping', t: 12.5 });
    assert.deepEqual(table.sent.slice(1), [{ type: 'here' }, { type: 'pong', t: 12.5 }]);
  });

  test('a ping goes out every few seconds, and its answer is the round trip', () => {
    const table = atWelcome()
      .says(waiting)
      .passes(waits.ping + 1);
    const ping = table.sent.at(-1);
    assert.equal(ping.type, 'ping');
    table.passes(40).says({ type: 'pong', t: ping.t });
    assert.equal(table.last('ping').ms, table.now - ping.t);
  });

  test('a match that came to nothing leads back to the waitroom, and to another', () => {
    const table = inMatch().says(
      { type: 'requeued', reason: 'partner_left', code: 'partner_left', message: 'Gone.', position: 1 },
      waiting,
      { ...matched, match: 'm-2' },
    );
    assert.deepEqual(table.types.slice(-3), ['requeued', 'waiting', 'matched']);
    table.does({ type: 'ready' });
    assert.deepEqual(table.sent.at(-1), { type: 'ready', match: 'm-2' });
    // What crossed with the end of the first match is about nobody.
    const before = table.told.length;
    table.says(validate, start);
    assert.equal(table.told.length, before);
  });
});

describe('waiting', () => {
  test('can be ended by the participant in every phase, and the server is told', () => {
    for (const table of [new Table(), atWelcome(), atWelcome().says(waiting), inMatch()]) {
      const open = table.control.phase !== 'greeting' || table.sent.length > 0;
      table.does({ type: 'leave', reason: 'closed' });
      assert.equal(table.control.phase, 'over');
      if (open) assert.deepEqual(table.sent.at(-1), { type: 'leave', reason: 'closed' });
      assert.deepEqual(table.control.handle(table.now, { type: 'open' }), []);
    }
  });

  test('ends when the page has waited for as long as it wanted to', () => {
    const table = atWelcome({ waitingTimeout: 60_000 }).says(waiting);
    for (let seconds = 0; seconds < 61 && table.control.phase !== 'over'; seconds += 1) {
      table.passes(1000).says({ type: 'ping', t: seconds });
    }
    assert.equal(table.last('ended').code, 'waiting_timeout');
    assert.equal(table.last('ended').reason, 'timeout');
    assert.ok(table.now >= 1000 + 60_000 && table.now <= 1000 + 62_000);
    assert.deepEqual(
      table.sent.findLast(({ type }) => type === 'leave'),
      { type: 'leave', reason: 'closed' },
    );
  });

  test('ends when the server should have ended it and says nothing of it', () => {
    const table = atWelcome().says({ ...waiting, timeout_left_ms: 5_000 });
    for (let seconds = 0; seconds < 20 && table.control.phase !== 'over'; seconds += 1) {
      table.passes(1000).says({ type: 'ping', t: 1 });
    }
    assert.equal(table.last('ended')?.code, 'waiting_timeout');
  });

  test('a server that never begins the match is an error', () => {
    for (const table of [atWelcome().says(matched), inMatch()]) {
      for (let seconds = 0; seconds < 60 && table.control.phase !== 'over'; seconds += 1) {
        table.passes(1000).says({ type: 'ping', t: 1 });
      }
      assert.equal(table.last('failed')?.code, 'match_silent');
    }
  });

  test('hears nothing more of it once a match is played, however long', () => {
    const table = playing();
    for (let minutes = 0; minutes < 120; minutes += 1) {
      for (let part = 0; part < 6; part += 1) table.passes(10_000).says({ type: 'ping', t: 1 });
    }
    assert.equal(table.control.phase, 'playing');
  });
});

describe('the connection', () => {
  test('comes back with pauses that grow, and says hello as the same participant', () => {
    const table = atWelcome().says(waiting);
    const pauses = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const lost = table.now;
      table.does({ type: 'closed', code: 1006 });
      table.passes(table.timer - table.now);
      pauses.push(Math.round(table.now - lost));
    }
    assert.deepEqual(pauses, [188, 375, 750, 1500, 3000, 3750]);
    table.open();
    assert.deepEqual([table.sent.at(-1).token, table.sent.at(-1).participant], ['signed', 'p1']);
    table.says({ ...welcome, resumed: true }, waiting);
    assert.equal(table.control.phase, 'waiting');
    assert.equal(table.last('connection').connected, true);
  });

  test('that does not come back is an error before the game, and none in it', () => {
    const waits = atWelcome().says(waiting);
    const plays = playing();
    for (const table of [waits, plays]) {
      for (let rounds = 0; rounds < 100 && table.control.phase !== 'over'; rounds += 1) {
        table.does({ type: 'closed', code: 1006 }).passes(3000);
      }
    }
    assert.equal(waits.last('failed').code, 'connection_lost');
    assert.equal(plays.control.phase, 'playing');
  });

  test('that is there and silent is given up and opened again', () => {
    const table = atWelcome()
      .says(waiting)
      .passes(waits.silence + 1);
    assert.ok(table.acts.includes('close 3000'));
    const silent = new Table().open().passes(waits.welcome + 1);
    assert.ok(silent.acts.includes('close 3000'), 'a server that does not answer hello');
    const never = new Table().passes(waits.open + 1);
    assert.ok(never.acts.includes('close 3000'), 'a socket that never opens');
  });

  test('of a control socket that comes back in mid-game tells the game of its new ticket, and nothing else', () => {
    const table = playing().does({ type: 'away', away: true }).does({ type: 'finished', frames: 5, planned: false });
    table.does({ type: 'closed', code: 1012 }).passes(1000).open();
    const [told, sent] = [table.told.length, table.sent.length];
    table.says({ ...welcome, resumed: true }, { ...matched, ticket: 't2', incarnation: 2 }, { ...start, resume: true });
    assert.deepEqual(
      table.told.slice(told).map(({ type }) => type),
      ['connection', 'welcome', 'ticket'],
    );
    assert.equal(table.last('ticket').ticket, 't2');
    assert.deepEqual(
      table.sent.slice(sent).map(({ type }) => type),
      ['away', 'ready', 'finished'],
    );
    assert.equal(table.sent.at(-1).planned, false);
  });

  test('that comes back tells how the participant is now, since the server may have missed that they are back', () => {
    const table = playing().does({ type: 'away', away: true }).does({ type: 'closed', code: 1006 });
    table.does({ type: 'away', away: false }).passes(1000).open();
    table.says({ ...welcome, resumed: true }, { ...matched, ticket: 't2', incarnation: 2 }, { ...start, resume: true });
    assert.deepEqual(table.sent.filter(({ type }) => type === 'away').at(-1), { type: 'away', away: false });
    // A page that has just been loaded stands for the one before, which may have been away.
    const loaded = new Table({ token: 't' }).open().says({ ...welcome, resumed: true });
    assert.deepEqual(loaded.sent.at(-1), { type: 'away', away: false });
    assert.equal(atWelcome().sent.length, 1, 'of somebody new it is known');
  });

  test('a server that has forgotten a match that is played ends it with a reason', () => {
    const table = playing().does({ type: 'closed', code: 1006 }).passes(1000).open();
    table.says(welcome, waiting);
    assert.equal(table.last('ended').reason, 'disconnected');
    assert.deepEqual(table.sent.at(-1), { type: 'leave', reason: 'error' });
  });

  test('a match that ended while its control socket was lost ends with its reason and its completion code', () => {
    const table = playing().does({ type: 'closed', code: 1006 }).passes(1000).open();
    table.says({ ...welcome, state: 'ended', resumed: true }, ended, { type: 'ping', t: 7 });
    assert.deepEqual([table.last('ended').code, table.last('ended').completionCode], ['complete', 'C1']);
    assert.deepEqual(table.sent.at(-1), { type: 'pong', t: 7 }, 'it was heard');
    table.says(record);
    assert.deepEqual([table.last('record').frames, table.control.phase], [90, 'over']);
  });

  test('another tab takes over, and this one does not fight for it', () => {
    for (const say of [
      (table) => table.says({ type: 'replaced', message: 'Elsewhere.' }),
      (table) => table.does({ type: 'closed', code: 4010 }),
    ]) {
      const table = playing();
      say(table);
      assert.deepEqual([table.last('ended').code, table.control.phase, table.timer], ['replaced', 'over', undefined]);
    }
  });

  test('a token that the server does not know is forgotten, and the participant comes as a stranger', () => {
    const table = new Table({ token: 'old' }).open();
    assert.equal(table.sent[0].token, 'old');
    table.says({ type: 'error', code: 'bad_token', message: 'Not mine.', fatal: true }).passes(1000).open();
    assert.ok(table.acts.includes('forget'));
    assert.equal(table.sent.at(-1).token, undefined);
    table.says({ type: 'error', code: 'bad_token', message: 'Not mine.', fatal: true });
    assert.equal(table.last('failed').code, 'bad_token', 'once');
  });

  test('refusals are errors with the code of the server, said or closed', () => {
    const table = new Table().open().says({ type: 'error', code: 'bad_secret', message: 'No.', fatal: true });
    assert.deepEqual(table.last('failed'), { type: 'failed', code: 'bad_secret', message: 'No.' });
    const played = { type: 'error', code: 'played_before', message: 'Once.', fatal: true, completion_code: 'C1' };
    const again = new Table({ token: 'signed' }).open().says(played);
    const told = { type: 'failed', code: 'played_before', message: 'Once.', completionCode: 'C1' };
    assert.deepEqual(again.last('failed'), told);
    const closed = new Table().open().does({ type: 'closed', code: 4003 });
    assert.equal(closed.last('failed').code, 'unknown_lobby');
    const busy = new Table().open().says({ type: 'error', code: 'too_many', message: 'Full.', fatal: true });
    assert.equal(busy.last('failed'), undefined, 'one that passes is tried again');
    const warned = playing().says({ type: 'error', code: 'not_in_match', message: 'Late.', fatal: false });
    assert.deepEqual([warned.last('warning').code, warned.control.phase], ['not_in_match', 'playing']);
  });
});

describe('what is no message', () => {
  const wrong = [
    '',
    'null',
    '[]',
    '"text"',
    '{}',
    '{"type":"nobody"}',
    '{"type":"constructor"}',
    '{"type":"waiting"}',
    JSON.stringify({ ...waiting, position: -1 }),
    JSON.stringify({ ...waiting, count: '2' }),
    JSON.stringify({ ...matched, seats: [] }),
    JSON.stringify({ ...matched, seat: 2 }),
    JSON.stringify({ ...matched, fps: 0 }),
    JSON.stringify({ ...matched, seed: 2 ** 60 }),
    JSON.stringify({ ...ended, reason: 'bored' }),
    `{"type":"ping","t":1,"more":"${'x'.repeat(300_000)}"}`,
    new ArrayBuffer(8),
  ];

  test('ends in an error that says what was expected, whenever it comes', () => {
    for (const make of [() => new Table().open(), atWelcome, inMatch, playing]) {
      for (const data of wrong) {
        const table = make().does({ type: 'text', data });
        assert.equal(table.last('failed')?.code, 'malformed', String(data).slice(0, 60));
        assert.match(table.last('failed').message, /expected .+, found|expected .+; found|expected one per agent/);
        assert.deepEqual([table.control.phase, table.timer], ['over', undefined]);
      }
    }
  });

  test('a message before welcome is none either, and what is unknown in a known one is passed over', () => {
    assert.equal(new Table().open().says(waiting).last('failed').code, 'malformed');
    assert.equal(atWelcome().says({ ...waiting, news: [1, 2] }).control.phase, 'waiting');
  });
});

test('whatever comes in whatever order, nothing throws, one end is told, and no timer is left', () => {
  let state = 12345;
  const random = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const pick = (list) => list[Math.floor(random() * list.length)];
  const texts = Object.values(samples).map((message) => JSON.stringify(message));
  texts.push(JSON.stringify({ ...matched, match: 'm-2' }), '{"type":"are_you_there","within_ms":1}');
  texts.push('{"type":"replaced","message":""}', '{"type":"error","code":"too_fast","message":"","fatal":true}');
  texts.push('{"type":"requeued","reason":"timeout","code":"latency","message":"","position":1}');
  texts.push(JSON.stringify({ type: 'partner', match: 'm-1', seat: 0, state: 'gone', away: false }), '{"broken"');
  const events = [
    () => ({ type: 'open' }),
    () => ({ type: 'closed', code: pick([1000, 1006, 1012, 4000, 4010, 4106, 4242]) }),
    () => ({ type: 'rang' }),
    () => ({ type: 'ready' }),
    () => ({ type: 'validated', attempt: 1, paths: [] }),
    () => ({ type: 'failed', reason: 'no' }),
    () => ({ type: 'away', away: random() < 0.5 }),
    () => ({ type: 'finished', frames: 3, planned: random() < 0.5 }),
    () => ({ type: 'signal', to: 0, data: {} }),
  ];
  let ends = 0;
  for (let game = 0; game < 3000; game += 1) {
    const table = new Table({
      waitingTimeout: random() < 0.5 ? 5000 : undefined,
      token: random() < 0.5 ? 't' : undefined,
    });
    for (let step = 0; step < 40; step += 1) {
      table.now += random() * 2000;
      table.does(random() < 0.6 ? { type: 'text', data: pick(texts) } : pick(events)());
      if (random() < 0.3) table.open();
    }
    if (table.control.phase !== 'over') table.does({ type: 'leave', reason: 'closed' }).passes(120_000);
    assert.deepEqual([table.control.phase, table.timer], ['over', undefined]);
    assert.equal(table.types.filter((type) => type === 'over').length, 1);
    assert.ok(table.types.filter((type) => ['ended', 'failed'].includes(type)).length <= 1, table.types.join());
    ends += table.types.includes('ended') ? 1 : 0;
  }
  assert.ok(ends > 300, `${ends} games came to an end of the server's`);
  assert.ok(messageTypes.length > 10);
});
