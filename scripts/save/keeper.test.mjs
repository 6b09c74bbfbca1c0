import assert from 'node:assert/strict';
import { test } from 'node:test';
import { living } from '../../crates/page/src/save/alive.js';
import { Keeper } from '../../crates/page/src/save/keeper.js';

/** A database whose next writes fail as they do where the browser has closed it. */
class ClosingStore {
  closings = 0;
  failures = 0;
  /** What is in it. */
  kept = new Map();
  /** @type {any} */
  known;
  /** The ids of records that were deleted. */
  removed = [];

  async game() {
    return this.known;
  }

  async write(game, pieces, whole = []) {
    if (this.failures > 0) {
      this.failures -= 1;
      this.closings += 1;
      throw Object.assign(new Error('closed'), { name: 'InvalidStateError' });
    }
    for (const chunk of whole) {
      for (const key of this.kept.keys()) if (key.startsWith(`${chunk} `)) this.kept.delete(key);
    }
    for (const { chunk, offset, bytes } of pieces) this.kept.set(`${chunk} ${offset}`, bytes.length);
    this.known = { ...game };
  }

  async remove(id) {
    this.removed.push(id);
    this.kept.clear();
    this.known = undefined;
  }

  get bytes() {
    return [...this.kept.values()].reduce((sum, length) => sum + length, 0);
  }
}

/** What a game records: chunks, of which some are packed, and one that is open. */
class Recording {
  frameNumber = 0;
  stepsRecorded = 0;
  open = 0;
  closed = [];
  chunks = (() => {
    const { closed } = this;
    return {
      get length() {
        return closed.length;
      },
      lengthOf: (index) => closed[index].length,
      packed: (index) => (closed[index].packed ? new Blob([new Uint8Array(closed[index].packed)]) : undefined),
      read: async (index) => new Uint8Array(closed[index].length),
    };
  })();

  unsealed(_, offset) {
    return new Uint8Array(this.open - offset);
  }

  record(steps, bytes) {
    this.stepsRecorded += steps;
    this.frameNumber += steps;
    this.open += bytes;
  }

  seal() {
    this.closed.push({ length: this.open, packed: undefined });
    this.open = 0;
  }
}

function keeping() {
  const store = new ClosingStore();
  const recording = new Recording();
  const told = [];
  const tell = ({ error, ...kept }) => told.push(error ?? kept);
  const keeper = new Keeper({ store, handle: recording, game: { id: 'a' }, room: async () => false, tell });
  return { store, recording, keeper, told };
}

test('what the database did not take is counted once, when it does', async () => {
  const { store, recording, keeper, told } = keeping();
  recording.record(10, 100);
  await keeper.flush();
  assert.deepEqual([store.known.bytes, store.known.steps], [100, 10]);
  store.failures = 2;
  recording.record(5, 50);
  await keeper.flush();
  assert.deepEqual([store.known.bytes, store.bytes, store.known.steps], [150, 150, 15]);
  // A chunk that is complete while nothing can be written, and compressed before it can.
  recording.record(5, 50);
  recording.seal();
  recording.record(1, 10);
  store.failures = 1;
  const { write } = store;
  store.write = async (...given) => {
    recording.closed[0].packed = 30;
    return write.apply(store, given);
  };
  await keeper.flush();
  assert.deepEqual([store.known.bytes, store.bytes, store.known.steps], [40, 40, 21]);
  assert.ok(told.every(({ state }) => state === 'keeping'));
});

/** A page, whose events are let go of. */
function onPage(t) {
  Object.assign(globalThis, { removeEventListener() {}, document: { removeEventListener() {} } });
  t.after(() => ['removeEventListener', 'document'].forEach((name) => delete globalThis[name]));
}

test('what was never taken is not called kept', async (t) => {
  onPage(t);
  const { store, recording, keeper } = keeping();
  recording.record(10, 100);
  await keeper.flush();
  store.failures = Infinity;
  recording.record(5, 50);
  await keeper.flush();
  assert.equal(keeper.kept, 10);
});

test('what was kept of a record before that failed goes, too, once somebody has the record', async (t) => {
  onPage(t);
  const { store, recording, keeper, told } = keeping();
  recording.record(10, 100);
  await keeper.flush();
  store.failures = Infinity;
  recording.record(5, 50);
  await keeper.flush();
  assert.deepEqual([told.at(-1).name, store.removed], ['InvalidStateError', []]);
  await keeper.taken();
  await keeper.taken();
  assert.deepEqual([store.removed, store.bytes], [['a'], 0]);
  // Why it was not kept is what there is to say.
  assert.equal(told.at(-1).name, 'InvalidStateError');
});

test('a tab without locks that was silent for so long that others took it for gone keeps its record anew', async (t) => {
  const { store, recording, keeper } = keeping();
  recording.record(10, 100);
  await keeper.flush();
  const began = Date.now();
  let now = began;
  t.mock.method(Date, 'now', () => now);
  // Timers of a hidden tab run once a minute, and others let it be meanwhile.
  const lives = await living();
  for (const ms of [60_000, 120_000]) {
    now = began + ms;
    assert.equal(lives(store.known), true);
  }
  now = began + 200_000;
  assert.equal(lives(store.known), false);
  await store.remove('a');
  recording.record(5, 50);
  await keeper.flush();
  assert.deepEqual([store.known.steps, store.known.bytes, store.bytes], [15, 150, 150]);
  assert.equal(lives(store.known), true);
});
