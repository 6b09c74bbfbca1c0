import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { passOn } from '../../crates/page/src/match/channels.js';
import { Peers } from '../../crates/page/src/match/peers.js';
import { readSignal } from '../../crates/page/src/match/signals.js';

/** Lets everything that is under way come to its end. */
async function settle() {
  for (let turns = 0; turns < 30; turns += 1) await turn();
}

/** A browser's connection as far as signalling goes: it is connected when both have described themselves, and one has been told where. */
class FakeConnection {
  static all = [];
  connectionState = 'new';
  localDescription = null;
  remoteDescription = null;
  channels = [];
  added = [];
  onicecandidate = null;
  onconnectionstatechange = null;

  constructor({ iceServers }) {
    if (iceServers.some(({ urls }) => urls === 'nonsense')) throw new SyntaxError('nonsense is no URL');
    this.iceServers = iceServers;
    FakeConnection.all.push(this);
  }

  createDataChannel(label, options) {
    const channel = { label, ...options, readyState: 'connecting', bufferedAmount: 0, closes: 0, sent: [] };
    channel.close = () => (channel.closes += 1);
    channel.send = (data) => channel.sent.push(data);
    this.channels.push(channel);
    return channel;
  }

  async setLocalDescription() {
    await turn();
    if (this.connectionState === 'closed') throw new Error('InvalidStateError');
    const type = this.remoteDescription ? 'answer' : 'offer';
    this.localDescription = { type, sdp: `v=0 ${type}` };
    this.onicecandidate?.({ candidate: { candidate: 'candidate:1', toJSON: () => this.#candidate('candidate:1') } });
    this.onicecandidate?.({ candidate: { candidate: 'candidate:2', toJSON: () => this.#candidate('candidate:2') } });
    this.onicecandidate?.({ candidate: null });
  }

  #candidate(candidate) {
    return { candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'x' };
  }

  async setRemoteDescription(description) {
    await turn();
    if (!description.sdp.startsWith('v=0')) throw new Error('no description');
    this.remoteDescription = description;
  }

  async addIceCandidate(candidate) {
    await turn();
    if (!this.remoteDescription) throw new Error('InvalidStateError: no remote description');
    if (!candidate.candidate.startsWith('candidate:')) throw new Error('no candidate');
    this.added.push(candidate);
    if (this.localDescription) this.becomes('connected');
  }

  becomes(state) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  close() {
    this.connectionState = 'closed';
  }
}

/** Pages of a match around a server that passes signals on; `lost` says which get lost. */
class Table {
  said = [];
  now = 0;
  /** @type {((from: number, to: number, data: any) => boolean) | undefined} */
  lost;

  constructor(t, seats, options = {}) {
    this.t = t;
    t.mock.timers.enable({ apis: ['setTimeout'] });
    FakeConnection.all = [];
    this.faults = [];
    const fault = (error) => this.faults.push(error);
    process.on('unhandledRejection', fault);
    t.after(() => process.off('unhandledRejection', fault));
    t.mock.method(console, 'warn', () => {});
    this.transfers = options.transfers ?? true;
    this.pages = Array.from({ length: seats }, (_, seat) => this.page(seat, seats, options[seat]));
  }

  page(seat, seats, { direct = true, iceServers = [], Connection = FakeConnection } = {}) {
    const given = [];
    const worker = {
      postMessage: (message, transfer = []) => {
        const channel = message.channel;
        if (channel?.label && !this.transfers) throw new DOMException('a channel cannot be cloned', 'DataCloneError');
        given.push({ ...message, transfer });
      },
    };
    const peers = new Peers({
      seat,
      people: Array.from({ length: seats }, (_, other) => other).filter((other) => other !== seat),
      direct,
      iceServers,
      Connection: /** @type {any} */ (Connection),
      worker: () => /** @type {any} */ (worker),
      now: () => this.now,
      say: (to, /** @type {any} */ data) => {
        const text = JSON.stringify(data);
        this.said.push({ from: seat, to, kind: data.kind, data });
        if (!this.lost?.(seat, to, data)) queueMicrotask(() => this.pages[to].peers.hear(seat, JSON.parse(text)));
      },
    });
    return { peers, given, channels: () => given.filter(({ channel }) => channel) };
  }

  async passes(ms) {
    for (let left = ms; left > 0; left -= 10) {
      this.now += 10;
      this.t.mock.timers.tick(10);
      if (left % 500 === 0) await settle();
    }
    await settle();
  }

  async begin() {
    for (const { peers } of this.pages) peers.begin();
    await this.passes(1000);
  }

  /** What the Workers say of the way between two seats. */
  looked(one, other, path) {
    this.pages[one].peers.looked([{ seat: other, path }]);
    this.pages[other].peers.looked([{ seat: one, path }]);
  }

  open() {
    return FakeConnection.all.filter(({ connectionState }) => connectionState !== 'closed');
  }

  count(kind) {
    return this.said.filter((said) => said.kind === kind).length;
  }

  end() {
    for (const { peers } of this.pages) peers.close();
    assert.deepEqual(this.open(), [], 'every connection is closed');
    assert.deepEqual(this.faults, [], 'every rejection is caught');
  }
}

describe('two pages that can reach each other', () => {
  test('connect: the higher seat asks, the lower offers, and both Workers get a channel that may lose packets', async (t) => {
    const table = new Table(t, 2);
    await table.begin();
    const said = table.said.map(({ from, kind, data }) => `${from} ${kind} ${data.description?.type ?? ''}`.trim());
    const described = ['1 want', '0 description offer', '1 description answer'];
    assert.deepEqual(
      said.filter((word) => !word.includes('candidates')),
      described,
    );
    assert.deepEqual(said.filter((word) => word.includes('candidates')).sort(), ['0 candidates', '1 candidates']);
    for (const { given } of table.pages) {
      assert.equal(given[0].channel, undefined, 'it is expected first');
      const { channel, transfer } = given.at(-1);
      assert.deepEqual([channel.negotiated, channel.id, channel.ordered, channel.maxRetransmits], [true, 0, false, 0]);
      assert.deepEqual(transfer, [channel], 'it is given away');
      assert.equal(channel.onmessage, undefined, 'the page listens to nothing of what it gives away');
    }
    assert.deepEqual(
      table.open().map(({ connectionState, added }) => [connectionState, added.length]),
      [
        ['connected', 2],
        ['connected', 2],
      ],
    );
    assert.deepEqual(table.open()[0].added[0], { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 });
    await table.passes(60_000);
    assert.equal(table.count('want'), 1, 'before the game begins nobody doubts a connection');
    table.end();
  });

  test('wait for each other: whoever is ready first is not forgotten', async (t) => {
    const table = new Table(t, 2);
    table.pages[1].peers.begin();
    await table.passes(3000);
    table.pages[0].peers.begin();
    await table.passes(1000);
    assert.equal(table.open().filter(({ connectionState }) => connectionState === 'connected').length, 2);
    table.end();
  });

  test('are asked again when a signal was lost', async (t) => {
    const table = new Table(t, 2);
    let left = 2;
    table.lost = (_from, _to, { kind }) => kind === 'description' && left-- > 0;
    await table.begin();
    await table.passes(30_000);
    assert.equal(table.open().filter(({ connectionState }) => connectionState === 'connected').length, 2);
    assert.equal(table.open().length, 2, 'what came to nothing was closed');
    table.end();
  });

  test('connect anew when the way was lost, with growing pauses, and rest while it works', async (t) => {
    const table = new Table(t, 2);
    await table.begin();
    table.looked(0, 1, 'direct');
    await table.passes(120_000);
    assert.equal(table.count('want'), 1);
    table.looked(0, 1, 'relay');
    await table.passes(1500);
    assert.equal(table.count('want'), 2);
    assert.deepEqual([table.open().length, FakeConnection.all.length], [2, 4]);
    for (let second = 0; second < 120; second += 1) {
      table.looked(0, 1, 'relay');
      await table.passes(1000);
    }
    assert.ok(table.count('want') >= 6 && table.count('want') <= 11, `${table.count('want')} attempts`);
    assert.equal(table.open().length, 2);
    table.end();
  });

  test('connect anew when the browser gives a connection up', async (t) => {
    const table = new Table(t, 2);
    await table.begin();
    for (const connection of table.open()) connection.becomes('failed');
    assert.deepEqual(
      table.pages.map(({ given }) => given.at(-1).channel),
      [null, null],
      'the Workers are told',
    );
    await table.passes(3000);
    assert.equal(table.open().filter(({ connectionState }) => connectionState === 'connected').length, 2);
    table.end();
  });

  test('begin anew with a page that was loaded again', async (t) => {
    for (const again of [0, 1]) {
      const table = new Table(t, 2);
      await table.begin();
      table.pages[again].peers.close();
      table.pages[again] = table.page(again, 2);
      table.pages[again].peers.begin();
      table.pages[1 - again].peers.looked([{ seat: again, path: 'relay' }]);
      await table.passes(10_000);
      const connected = table.open().filter(({ connectionState }) => connectionState === 'connected');
      assert.equal(connected.length, 2, `seat ${again}`);
      table.end();
      t.mock.timers.reset();
    }
  });

  test('pass packets on by a port where the browser gives no channel away', async (t) => {
    const table = new Table(t, 2, { transfers: false });
    await table.begin();
    for (const page of table.pages) {
      const [{ channel, transfer }] = page.channels();
      assert.ok(channel instanceof MessagePort && transfer[0] === channel);
    }
    table.end();
    for (const { channels } of FakeConnection.all) assert.equal(channels[0].closes, 1, 'the page closes what it kept');
  });

  test('pass packets on where a channel that was given away brings nothing', async (t) => {
    const table = new Table(t, 2);
    await table.begin();
    table.looked(0, 1, 'relay');
    await table.passes(12_000);
    for (const page of table.pages) assert.ok(page.channels().at(-1).channel instanceof MessagePort);
    table.end();
  });
});

describe('several pages', () => {
  test('each pair has a connection of its own', async (t) => {
    const table = new Table(t, 5);
    await table.begin();
    assert.equal(table.open().length, 20);
    for (const { peers, given } of table.pages) {
      const seats = given.filter(({ channel }) => channel).map(({ seat }) => seat);
      assert.equal(new Set(seats).size, 4);
      peers.close();
      peers.close();
    }
    table.end();
  });

  test('whoever wants no direct connection says so, and the others do not wait', async (t) => {
    /** @type {[string, object][]} */
    const cases = [
      ['by option', { direct: false }],
      ['without WebRTC', { Connection: null }],
      ['with servers that are none', { iceServers: [{ urls: 'nonsense' }] }],
    ];
    for (const [about, options] of cases) {
      for (const seat of [0, 1]) {
        const table = new Table(t, 2, { [seat]: options });
        await table.begin();
        assert.equal(table.pages[1 - seat].given.at(-1).channel, null, `${about}, seat ${seat}: it is not waited for`);
        await table.passes(60_000);
        table.looked(0, 1, 'relay');
        await table.passes(60_000);
        assert.equal(table.open().length, 0, about);
        assert.ok(table.said.length < 10, `${about}: ${table.said.length} signals`);
        table.end();
        t.mock.timers.reset();
      }
    }
  });

  test('whoever says so before a page is ready is not waited for, and its Worker hears nothing before it can', async (t) => {
    for (const seat of [0, 1]) {
      const table = new Table(t, 2, { [seat]: { Connection: null } });
      const [early, late] = [table.pages[seat], table.pages[1 - seat]];
      early.peers.begin();
      await table.passes(1000);
      assert.equal(table.count('bye'), 1);
      assert.deepEqual(late.given, [], 'nobody has told the Worker yet what it is');
      late.peers.begin();
      await table.passes(1000);
      const expected = late.given.map(({ channel }) => channel);
      assert.ok(expected.length <= 1 && expected.every((channel) => channel === null), `seat ${seat} refused`);
      if (seat === 1) {
        // Who asks may come back with another browser.
        table.pages[1] = table.page(1, 2);
        table.pages[1].peers.begin();
        await table.passes(12_000);
        assert.equal(late.channels().length, 1);
      }
      table.end();
      t.mock.timers.reset();
    }
  });

  test('servers are handed to the browser as they are', async (t) => {
    const iceServers = [{ urls: ['turn:turn.example'], username: 'u', credential: 'c' }];
    const table = new Table(t, 2, { 0: { iceServers } });
    await table.begin();
    assert.deepEqual(FakeConnection.all[0].iceServers, iceServers);
    table.end();
  });
});

describe('another page that means no good', () => {
  /** @type {any[]} */
  const garbage = [
    undefined,
    null,
    'want',
    7,
    [],
    {},
    { kind: 'want' },
    { kind: 'want', id: '' },
    { kind: 'want', id: 'x'.repeat(65) },
    { kind: 'want', id: { toString: 1 } },
    { kind: 'constructor', id: 'a' },
    { kind: 'description', id: 'a' },
    { kind: 'description', id: 'a', description: { type: 'rollback', sdp: '' } },
    { kind: 'description', id: 'a', description: { type: 'offer', sdp: 'v=0'.repeat(10_000) } },
    { kind: 'description', id: 'a', description: { type: 'offer', sdp: 7 } },
    { kind: 'candidates', id: 'a', candidates: 'all' },
    { kind: 'candidates', id: 'a', candidates: [null] },
    { kind: 'candidates', id: 'a', candidates: [{ candidate: 'c'.repeat(2000) }] },
    { kind: 'candidates', id: 'a', candidates: [{ candidate: 'c', sdpMLineIndex: -1 }] },
    { kind: 'candidates', id: 'a', candidates: Array.from({ length: 33 }, () => ({ candidate: 'candidate:' })) },
  ];

  test('what is no signal is read as none', () => {
    for (const data of garbage) assert.equal(readSignal(data), undefined, JSON.stringify(data)?.slice(0, 80));
    const candidate = { candidate: 'candidate:1', sdpMid: null, sdpMLineIndex: null };
    const whole = { kind: 'candidates', id: 'a', candidates: [{ candidate: 'candidate:1', more: 1 }], more: 2 };
    assert.deepEqual(readSignal(whole), { kind: 'candidates', id: 'a', candidates: [candidate] });
  });

  test('is refused, whatever it says, and the connection stands', async (t) => {
    const table = new Table(t, 3);
    await table.begin();
    const before = FakeConnection.all.length;
    const ids = table.said.filter(({ kind }) => kind === 'want').map(({ data }) => data.id);
    for (const { peers } of table.pages) {
      for (const from of [0, 1, 2, 3, 77, -1, Number.NaN, 'x', undefined]) {
        for (const data of garbage) {
          assert.equal(peers.hear(from, data), false);
          // With the id of an attempt that there is, too; that of a want is the one thing of which there is a choice.
          for (const id of data?.kind === 'want' ? [] : ids)
            assert.equal(peers.hear(from, Object(data) === data ? { ...data, id } : data), false);
        }
      }
    }
    // Descriptions and candidates for attempts that there are not, of seats that nobody has, and once more.
    for (const from of [0, 1, 2, 9]) {
      const description = { type: 'answer', sdp: 'v=0 answer' };
      assert.equal(table.pages[0].peers.hear(from, { kind: 'description', id: 'other', description }), false);
      assert.equal(table.pages[0].peers.hear(from, { kind: 'description', id: ids[0], description }), false);
      assert.equal(table.pages[2].peers.hear(from, { kind: 'want', id: 'mine' }), false, 'the higher seat asks');
    }
    await settle();
    assert.equal(FakeConnection.all.length, before);
    table.end();
  });

  test('descriptions and candidates that the browser refuses lead to the relay, never to a rejection that nobody catches', async (t) => {
    /** @type {[string, (data: any) => any][]} */
    const cases = [
      ['description', (data) => ({ ...data, description: { ...data.description, sdp: 'nonsense' } })],
      ['candidates', (data) => ({ ...data, candidates: [{ candidate: 'nonsense' }, ...data.candidates] })],
    ];
    for (const [kind, broken] of cases) {
      const table = new Table(t, 2);
      const { peers } = table.pages[0];
      const hear = peers.hear.bind(peers);
      peers.hear = (from, data) => hear(from, data.kind === kind ? broken(data) : data);
      await table.begin();
      const connected = table.open().filter(({ connectionState }) => connectionState === 'connected').length;
      // A candidate that is none is passed over, and the next one taken.
      assert.equal(connected, kind === 'candidates' ? 2 : 0, kind);
      await table.passes(20_000);
      table.end();
      t.mock.timers.reset();
    }
  });

  test('asks again and again, and gets so many answers and no more', async (t) => {
    const table = new Table(t, 2);
    await table.begin();
    const before = FakeConnection.all.length;
    for (let count = 0; count < 2000; count += 1) table.pages[0].peers.hear(1, { kind: 'want', id: `flood ${count}` });
    await settle();
    assert.ok(FakeConnection.all.length <= before + 1, 'at once');
    for (let count = 0; count < 200; count += 1) {
      table.pages[0].peers.hear(1, { kind: 'want', id: `again ${count}` });
      await table.passes(500);
    }
    assert.ok(FakeConnection.all.length < before + 50, `${FakeConnection.all.length} connections`);
    assert.ok(table.open().length <= 2, 'one at a time');
    const id = table.said.findLast(({ kind }) => kind === 'want').data.id;
    const candidates = [{ candidate: 'candidate:1' }];
    const taken = Array.from({ length: 500 }, () =>
      table.pages[1].peers.hear(0, { kind: 'candidates', id, candidates }),
    );
    assert.ok(taken.filter(Boolean).length <= 64, 'candidates');
    table.end();
  });

  test('nothing is heard or done after the end', async (t) => {
    const table = new Table(t, 2);
    for (const { peers } of table.pages) peers.begin();
    await settle();
    table.end();
    const said = table.said.length;
    for (const { peers } of table.pages) {
      assert.equal(peers.hear(1, { kind: 'want', id: 'late' }), false);
      peers.looked([{ seat: 0, path: 'relay' }]);
    }
    await table.passes(60_000);
    assert.equal(table.said.length, said);
    table.end();
  });
});

test('packets pass between a channel and a port, and nothing else does', async (t) => {
  const { port1: own, port2: port } = new MessageChannel();
  const heard = [];
  port.onmessage = ({ data }) => heard.push(data === null ? null : [...new Uint8Array(data)]);
  t.after(() => port.close());
  const sent = [];
  const channel = {
    readyState: 'connecting',
    bufferedAmount: 0,
    closes: 0,
    send(data) {
      if (data.byteLength === 3) throw new Error('it closes');
      sent.push([...new Uint8Array(data)]);
    },
    close: () => (channel.closes += 1),
  };
  const letGo = passOn(/** @type {any} */ (channel), own);
  const packet = (...values) => new Uint8Array(values).buffer;
  const says = async (...packets) => {
    for (const one of packets) port.postMessage(one);
    await settle();
  };
  await says(packet(1));
  channel.readyState = 'open';
  await says(packet(2), packet(1, 2, 3), packet(4));
  channel.bufferedAmount = 1e6;
  await says(packet(5));
  assert.deepEqual(sent, [[2], [4]]);
  for (const data of ['text', packet(6), new ArrayBuffer(70_000), new Blob([])]) channel.onmessage({ data });
  await settle();
  assert.deepEqual(heard, [[6]]);
  channel.onclose();
  letGo();
  await settle();
  assert.deepEqual([heard.slice(1), channel.closes, channel.onmessage], [[null, null], 1, null]);
});
