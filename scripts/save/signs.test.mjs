// What the Workers that write tables and replay ask of the browser: see tests/browser/data.test.mjs for the rest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { streamOfFile, watched } from '../../worker/verifier/platform.js';

test('a file gives signs of life while it is decompressed', async () => {
  const text = Buffer.alloc(1 << 20, '{"type":"note"}\n');
  let signs = 0;
  const file = await streamOfFile(new Blob([gzipSync(text)]));
  const whole = await new Response(watched(file, () => signs++)).blob();
  assert.ok(signs >= 8, `${signs} signs of ${whole.size} bytes`);
  assert.ok(text.equals(Buffer.from(await whole.arrayBuffer())));
});
