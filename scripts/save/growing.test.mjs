import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chunks } from '../../crates/page/src/chunks.js';
import { Growing } from '../../crates/page/src/save/growing.js';
import { Sender } from '../../crates/page/src/save/sender.js';
import { end, head, joined } from '../../crates/page/src/save/stream.js';

const header = '{"env_id":"X"}';
/** @type {[string, undefined, string[]]} */
const about = [header, undefined, []];
const [beginning, ending] = [head(about), end(header)];
const chunkOf = (byte, length) => new Uint8Array(length).fill(byte);

/** The stream of a game that is over: chunks that are sealed, and its end. */
function ended(...sealed) {
  const chunks = new Chunks();
  for (const bytes of sealed) {
    // The page's module lends its memory, and goes on with it.
    const lent = bytes.slice();
    chunks.add(lent);
    lent.fill(0);
  }
  const unsealed = (chunk) => (chunk === chunks.length ? new Uint8Array() : undefined);
  const growing = new Growing({ chunks, stepsRecorded: 7, unsealed }, about);
  growing.finish(header);
  return growing;
}

/** What a page sends of it that goes while this much has been acknowledged, and the next piece is on its way. */
function leaving(t, source, saved) {
  const page = new EventTarget();
  const listening = ['addEventListener', 'removeEventListener'];
  for (const name of listening) globalThis[name] = page[name].bind(page);
  t.after(() => listening.forEach((name) => delete globalThis[name]));
  const left = [];
  const who = { id: 'a', envId: 'X', participant: null };
  const to = { send: () => new Promise(() => {}), leave: (piece) => left.push(piece) };
  const sender = new Sender({ source, to, about: who, patienceMs: 1, saved, tell() {} });
  sender.run();
  page.dispatchEvent(new Event('pagehide'));
  return left;
}

test('of what is sealed the newest chunk can be had at once, with the end behind it', async () => {
  const [first, newest] = [chunkOf(1, 50), chunkOf(2, 30)];
  const growing = ended(first, newest);
  const from = beginning.length + first.length;
  assert.equal(growing.readNow(beginning.length, 100), undefined);
  assert.deepEqual(growing.readNow(from + 10, 100), newest.subarray(10));
  assert.deepEqual(growing.readNow(from + 10, 5), newest.subarray(10, 15));
  assert.deepEqual(growing.readNow(from + newest.length, 100), ending);
  assert.deepEqual(await growing.read(beginning.length, 100), first);
  assert.deepEqual(await growing.read(from, 100), newest);
});

test('a page that goes when its game is over sends the last steps and the end in one piece', (t) => {
  const [first, newest] = [chunkOf(1, 50), chunkOf(2, 30)];
  const offset = beginning.length + first.length + 10;
  const left = leaving(t, ended(first, newest), offset);
  assert.deepEqual(left, [
    {
      id: 'a',
      envId: 'X',
      participant: null,
      offset,
      bytes: joined([newest.subarray(10), ending]),
      steps: 7,
      last: true,
    },
  ]);
});

test('a page that goes sends no more than a browser takes, nor what it has not at hand, and calls neither the last piece', (t) => {
  const [first, newest] = [chunkOf(1, 50), chunkOf(2, 70_000)];
  const growing = ended(first, newest);
  const [long] = leaving(t, growing, beginning.length + first.length);
  assert.deepEqual([long.bytes.length, long.last], [60_000, false]);
  const [short] = leaving(t, growing, 3);
  assert.deepEqual([short.bytes.length, short.last], [beginning.length - 3, false]);
});
