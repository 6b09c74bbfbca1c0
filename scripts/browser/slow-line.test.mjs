import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { newOwner } from './owner.mjs';
import { openSlowLine } from './slow-line.mjs';
import { within } from './until.mjs';

test('a slow line brings every byte, no faster than it may, for all connections together', async () => {
  const owner = newOwner();
  const body = Buffer.from(Array.from({ length: 20_000 }, (_, at) => at % 251));
  const server = createServer((_, response) => void response.end(body));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  owner.after(() => server.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    const line = await openSlowLine(owner, `http://127.0.0.1:${port}/`, { bitsPerSecond: 800_000, roundTripMs: 60 });
    const began = performance.now();
    const ask = async () => Buffer.from(await (await fetch(line)).arrayBuffer());
    const answers = await within('three answers', Promise.all([ask(), ask(), ask()]), 20_000);
    const took = performance.now() - began;
    assert.ok(answers.every((answer) => answer.equals(body)));
    // Two ways there and back, and 60,000 bytes at 100 a millisecond. No limit above: machines are busy.
    assert.ok(took >= 120 + 590, `${took} ms`);
  } finally {
    await owner.release();
  }
});
