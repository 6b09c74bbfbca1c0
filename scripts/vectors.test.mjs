// The page's JavaScript reads and writes the messages that Rust reads and writes: crates/play/tests/vectors.rs, whose file this is.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActionWriter } from '../crates/page/src/codec/actions.js';
import { ReturnsReader } from '../crates/page/src/codec/returns.js';
import { readMany } from '../crates/page/src/codec/rows.js';
import { readSpec } from '../crates/page/src/codec/spec.js';
import { errorCodes, operations, replyBody, requestPayload, spaceKinds } from '../crates/page/src/protocol.js';
import { root } from './lib/paths.mjs';

const vectors = JSON.parse(await readFile(join(root, 'crates/play/tests/vectors.json'), 'utf8'));

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const specOf = (hex) => readSpec(bytesOf(hex));

/** As JSON has it: typed arrays are lists. */
const plain = (value) =>
  JSON.parse(
    JSON.stringify(value, (_, part) => (ArrayBuffer.isView(part) ? Array.from(/** @type {any} */ (part)) : part)),
  );

test('specs are read as Rust means them', () => {
  for (const { spec: bytes, actionSpace, observationSpace, ...expected } of vectors.specs) {
    const spec = specOf(bytes);
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(spec[name], value, name);
    if (actionSpace) assert.deepEqual(plain(spec.actionSpaces[0]), actionSpace);
    if (observationSpace)
      assert.deepEqual(plain(spec.observationSpaces), Array(spec.agents.length).fill(observationSpace));
  }
});

test('every kind of space is in the vectors', () => {
  const kinds = new Set();
  const visit = (value) => {
    if (typeof value !== 'object' || value === null) return;
    if (typeof value.type === 'string') kinds.add(value.type);
    Object.values(value).forEach(visit);
  };
  vectors.specs.forEach(({ spec }) => visit(specOf(spec)));
  assert.deepEqual([...kinds].sort(), [...spaceKinds].sort());
});

test('a spec that is cut off is refused', () => {
  for (const { spec } of vectors.specs) {
    const bytes = bytesOf(spec);
    for (let end = 0; end < bytes.length; end += 1) assert.throws(() => readSpec(bytes.subarray(0, end)), `${end}`);
  }
});

test('actions are written as Rust writes them, alone and many together', () => {
  for (const { spec, action, bytes } of vectors.actions) {
    const writer = new ActionWriter(specOf(spec));
    assert.equal(hexOf(writer.write(action)), bytes);
    assert.equal(hexOf(writer.writeMany([action, action])), bytes + bytes);
  }
});

test('what a step returned is read as Rust means it', () => {
  for (const { spec, step, bytes } of vectors.returns) {
    assert.deepEqual(plain(new ReturnsReader(specOf(spec)).step(bytesOf(bytes))), step);
  }
});

test('what many steps returned is read in any order, also over the end of a block', () => {
  for (const { spec, head, parts, rewards, steps } of vectors.many) {
    const message = [head, ...parts].map((hex) => bytesOf(hex).buffer);
    const many = readMany(new ReturnsReader(specOf(spec)), message);
    assert.equal(many.length, steps.length);
    assert.deepEqual(Array.from(many.rewards), rewards);
    steps.forEach((step, index) => assert.deepEqual(plain(many.at(index)), step, `${index}`));
    for (const index of [69, 0, 64, 63, 65, 5]) assert.deepEqual(plain(many.at(index)), steps[index], `${index}`);
  }
});

test('requests and errors have their numbers and their parts where JavaScript knows them', () => {
  assert.equal(vectors.requests.length, Object.keys(operations).length);
  for (const { operation, scene, autoreset, hash, id, payload, bytes } of vectors.requests) {
    const message = bytesOf(bytes);
    assert.equal(message[0], operations[operation]);
    assert.equal(message[1], Number(scene) | (Number(autoreset) << 1) | (Number(hash) << 2));
    assert.equal(new DataView(message.buffer).getUint32(4, true), id);
    assert.equal(hexOf(message.subarray(requestPayload)), payload);
  }
  assert.equal(vectors.errors.length, Object.keys(errorCodes).length);
  for (const { code, message, id, bytes } of vectors.errors) {
    const reply = bytesOf(bytes);
    assert.deepEqual([reply[0], reply[1]], [1, errorCodes[code]]);
    assert.equal(new DataView(reply.buffer).getUint32(4, true), id);
    assert.equal(new TextDecoder().decode(reply.subarray(replyBody)), message);
  }
});
