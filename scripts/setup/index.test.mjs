import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

test('a clone that has Rust and no linker hears of it before anything is compiled, once', async (t) => {
  const bin = await mkdtemp(join(tmpdir(), 'palaestra-linker-'));
  const { PATH } = process.env;
  t.after(async () => {
    process.env.PATH = PATH;
    await rm(bin, { recursive: true, force: true });
  });
  const lines = t.mock.method(console, 'log', () => {});
  const program = async (name) => {
    await writeFile(join(bin, name), `#!/bin/sh\necho "${name} 1.999.0 (made up)"\n`);
    await chmod(join(bin, name), 0o755);
  };
  for (const name of ['cargo', 'rustc']) await program(name);
  // Nor has it apt, which would bring one.
  process.env.PATH = bin;
  // What is set up once is asked for in a module of its own.
  const fresh = (name) => import(`./index.mjs?${name}`);
  await assert.rejects((await fresh('without')).setUpRust(), { step: 'linker', message: /there is no cc/ });
  await program('cc');
  const { setUpRust } = await fresh('with');
  await Promise.all([setUpRust(), setUpRust()]);
  const said = lines.mock.calls.map(({ arguments: [line] }) => line);
  assert.equal(said.filter((line) => line.includes(join(bin, 'cc'))).length, 1);
});
