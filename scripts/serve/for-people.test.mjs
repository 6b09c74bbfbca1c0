import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { serveTogether } from './for-people.mjs';

test('the server for people who play together is told the address that was served at, in IPv6 too', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-people-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const lines = t.mock.method(console, 'log', () => {});
  // The end of the server is that of `npm start`.
  t.mock.method(process, 'exit', () => {});
  const program = join(folder, 'server');
  await writeFile(program, '#!/bin/sh\necho "told $*"\necho "at http://$2/"\nexec sleep 60\n');
  await chmod(program, 0o755);
  for (const at of ['127.0.0.1:8080', '[::1]:8080', '[::]:8080']) {
    const served = { url: `http://${at}/`, port: 8080, close: async () => {} };
    const server = await serveTogether(served, { root: folder, data: folder, building: Promise.resolve(program) });
    await server.close();
    const told = lines.mock.calls.map(({ arguments: [line] }) => line).filter((line) => line.startsWith('told'));
    assert.match(told.at(-1), /^told --listen \S+ /);
    assert.equal(told.at(-1).split(' ')[2], at);
  }
});
