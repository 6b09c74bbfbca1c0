import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lobbyAddress, playAddress, serverAddress } from '../../crates/page/src/match/address.js';
import { notice } from '../../crates/page/src/match/overlay.js';
import { participantIn, tokens } from '../../crates/page/src/match/participant.js';
import { texts } from '../../crates/page/src/match/texts.js';
import { newView, viewAfter } from '../../crates/page/src/match/view.js';

const matched = {
  match: 'm-1',
  seat: 1,
  size: 2,
  input_delay: 2,
  seats: [
    { seat: 0, agent: 'agent_0', kind: 'person' },
    { seat: 1, agent: 'agent_1', kind: 'person' },
    { seat: 2, agent: 'agent_2', kind: 'policy' },
  ],
};
const after = (...events) => events.reduce(viewAfter, newView());
const inGame = [
  { type: 'connection', connected: true },
  { type: 'matched', matched },
  { type: 'start', inputDelay: 3 },
  { type: 'playing' },
];

describe('how a match stands', () => {
  test('partners are the other people, by agent', () => {
    const view = after(...inGame, { type: 'partner', seat: 0, state: 'reconnecting', away: false, graceLeft: 9000 });
    assert.deepEqual(Object.keys(view.partners), ['agent_0']);
    assert.deepEqual([view.partners.agent_0.state, view.partners.agent_0.graceLeft], ['reconnecting', 9000]);
    assert.deepEqual([view.state, view.inputDelay, view.seat], ['playing', 3, 1]);
  });

  test('vitals say the way and the ping of every partner', () => {
    const paths = [
      { seat: 0, path: 'relay', rtt_ms: 42 },
      { seat: 1, path: null, rtt_ms: null },
    ];
    const view = after(...inGame, { type: 'vitals', paths, rollbacks: 4, rolledBack: 9, depth: 2, inputDelay: 3 });
    assert.deepEqual([view.partners.agent_0.path, view.partners.agent_0.ping], ['relay', 42]);
    assert.deepEqual([view.rollbacks, view.rolledBack, view.depth], [4, 9, 2]);
    assert.ok(!('paths' in view) && !('type' in view));
    const validated = after(...inGame, {
      type: 'validated',
      attempt: 1,
      paths: [{ seat: 0, path: 'direct', rtt_ms: 9 }],
    });
    assert.deepEqual([validated.partners.agent_0.path, validated.partners.agent_0.ping], ['direct', 9]);
    assert.ok(!('attempt' in validated), 'before the start as well');
  });

  test('a requeue forgets the match, and the first end is the one that stays', () => {
    const requeued = after(...inGame.slice(0, 2), { type: 'requeued', code: 'latency' });
    assert.deepEqual([requeued.state, requeued.id, requeued.partners, requeued.requeued], ['waiting', null, {}, true]);
    const end = { type: 'ended', reason: 'complete', code: 'complete', message: '', completionCode: 'C' };
    const ended = after(...inGame, end, { ...end, code: 'left' }, { type: 'playing' });
    assert.deepEqual([ended.state, ended.ended.code], ['ended', 'complete']);
  });

  test('what says nothing of it changes nothing', () => {
    const view = after(...inGame);
    for (const type of ['over', 'warning', 'toString', '__proto__']) assert.equal(viewAfter(view, { type }), view);
  });
});

describe('what participants read', () => {
  const said = (...events) => notice(after(...events), texts);
  const waiting = { type: 'waiting', position: 2, count: 5, size: 2, timeLeft: 130_000, estimate: null };

  test('of the waitroom: their place, how long, and a way out', () => {
    const { text, more, cancel } = said(inGame[0], waiting);
    assert.deepEqual([text, cancel], [texts.waiting, true]);
    assert.match(more, /number 2 of 5.*3 minutes/);
  });

  test('of a refusal to who has played: the code, until they close it; without one nothing', () => {
    const refused = { type: 'failed', code: 'played_before', message: 'Once.' };
    const { text, more, stays } = said(inGame[0], { ...refused, completionCode: 'C1' });
    assert.deepEqual([text, more, stays], [texts.playedBefore, 'Your completion code: C1', true]);
    assert.equal(said(inGame[0], refused), undefined);
    assert.equal(said(inGame[0], { ...refused, code: 'bad_secret', completionCode: 'C1' }), undefined);
    const complete = { type: 'ended', reason: 'complete', code: 'complete', message: '', completionCode: 'C1' };
    assert.equal(said(...inGame, complete), undefined, 'a page shows the code of a game that it had itself');
    assert.equal(after(inGame[0], { ...refused, completionCode: 'C1' }).ended.completionCode, 'C1');
    assert.equal(after(inGame[0], refused).ended.completionCode, null);
  });

  test('of a game that runs: nothing', () => {
    assert.equal(said(...inGame), undefined);
  });

  test('of whatever keeps it from running: the nearest cause', () => {
    const gone = { type: 'partner', seat: 0, state: 'gone', away: false, graceLeft: null };
    const lost = { type: 'partner', seat: 0, state: 'reconnecting', away: false, graceLeft: 1 };
    assert.equal(said(...inGame, { type: 'stalled', by: 1 }).text, texts.stalled);
    assert.equal(said(...inGame, { type: 'stalled', by: 1 }, lost).text, texts.partnerReconnecting);
    assert.equal(said(...inGame, lost, gone).text, texts.partnerGone);
    assert.equal(said(...inGame, gone, { type: 'socket', open: false }).text, texts.lost);
    assert.equal(said(...inGame, { type: 'away', away: true }).text, texts.away);
    assert.equal(said({ type: 'connection', connected: false }).text, texts.reconnecting);
  });
});

describe('who the participant is', () => {
  test('the id of the recruitment site, whatever its case', () => {
    assert.equal(participantIn('?PROLIFIC_PID=5f&x=1'), '5f');
    assert.equal(participantIn('?workerId=A1'), 'A1');
    assert.equal(participantIn('?participant=p7&workerId=A1'), 'p7');
    assert.equal(participantIn(`?workerId=${'x'.repeat(129)}`), undefined);
    assert.equal(participantIn('?participant=%20'), undefined);
  });

  test('a token belongs to its server, its lobby and its participant', () => {
    const kept = new Map();
    const storage = {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
    const store = tokens('https://a.org/', 'one', storage);
    store.keep('p1', 'signed');
    assert.deepEqual(store.read(undefined), { participant: 'p1', token: 'signed' });
    assert.deepEqual(store.read('p2'), { participant: 'p2' });
    assert.deepEqual(tokens('https://a.org/', 'two', storage).read(undefined), { participant: undefined });
    kept.set([...kept.keys()][0], '{broken');
    assert.deepEqual(store.read('p1'), { participant: 'p1' });
    const forbidden = {
      getItem() {
        throw new Error('denied');
      },
      setItem() {
        throw new Error('denied');
      },
      removeItem() {
        throw new Error('denied');
      },
    };
    const none = tokens('https://a.org/', 'one', forbidden);
    none.keep('p1', 't');
    none.forget();
    assert.deepEqual(none.read('p1'), { participant: 'p1' });
  });
});

test('sockets are where the server is, also behind a folder', () => {
  const here = serverAddress(undefined, 'http://localhost:8080/demo/page.html?x=1');
  assert.equal(lobbyAddress(here), 'ws://localhost:8080/lobby');
  const behind = serverAddress('https://lab.org/games', 'http://localhost/');
  assert.equal(lobbyAddress(behind), 'wss://lab.org/games/lobby');
  assert.equal(playAddress(behind, '/play', 'a b'), 'wss://lab.org/games/play?ticket=a+b');
  assert.equal(playAddress(behind, 'wss://other.org/play', 't'), 'wss://other.org/play?ticket=t');
  assert.throws(() => serverAddress('ftp://lab.org', 'http://localhost/'), /expected an address of http or https/);
});
