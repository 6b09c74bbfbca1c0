import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { rustOrRustup as rustOrRustupIn } from './rust.mjs';
import { wasmTargetIn } from './wasm-target.mjs';

const program = async (path, text) => {
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
};

const rustOrRustup = rustOrRustupIn(tmpdir());

/** A machine without Rust, whose curl brings an installer that puts programs named cargo and rustc where rustup does. */
async function machine(t) {
  const home = await mkdtemp(join(tmpdir(), 'palaestra-rust-'));
  const saved = { PATH: process.env.PATH, CARGO_HOME: process.env.CARGO_HOME };
  t.after(async () => {
    Object.assign(process.env, saved);
    if (saved.CARGO_HOME === undefined) delete process.env.CARGO_HOME;
    await rm(home, { recursive: true, force: true });
  });
  const bin = join(home, 'bin');
  await mkdir(bin);
  for (const tool of ['sh', 'mkdir', 'chmod', 'cat']) {
    await program(join(bin, tool), `PATH=${saved.PATH} exec ${tool} "$@"`);
  }
  await program(
    join(bin, 'curl'),
    `cat <<'END'
mkdir -p "$CARGO_HOME/bin"
echo "$@" > "$CARGO_HOME/asked"
for tool in cargo rustc; do
  printf '#!/bin/sh\\necho "%s 1.95.0 (made up)"\\n' $tool > "$CARGO_HOME/bin/$tool"
  chmod +x "$CARGO_HOME/bin/$tool"
done
END`,
  );
  process.env.PATH = bin;
  process.env.CARGO_HOME = join(home, 'cargo');
  return { bin };
}

const said = (t) => t.mock.method(console, 'log', () => {});

test('where there is no Rust rustup brings it, once what and why has been said', async (t) => {
  await machine(t);
  const lines = said(t);
  assert.equal(await rustOrRustup.check(), undefined);
  let told = '';
  await rustOrRustup.install(() => {}, {
    confirm: async () => {
      told = lines.mock.calls.map(({ arguments: [line] }) => line).join('\n');
      return true;
    },
  });
  assert.match(told, /this installs Rust with rustup, from https:\/\/sh\.rustup\.rs, in ~\/\.rustup and ~\/\.cargo: /);
  assert.match((await rustOrRustup.check()).note, /^rustc 1\.95\.0/);
});

test('a Rust that rustup has brought is found by the next command, in a shell that was never told of it', async (t) => {
  await machine(t);
  said(t);
  const { PATH } = process.env;
  await rustOrRustup.install(() => {}, { confirm: async () => true });
  process.env.PATH = PATH;
  assert.match((await rustOrRustup.check()).note, /^rustc 1\.95\.0/);
});

test('who says no gets nothing, and hears what to do', async (t) => {
  await machine(t);
  said(t);
  await assert.rejects(
    rustOrRustup.install(() => {}, { confirm: async () => false }),
    /not installed, as you wished: install Rust/,
  );
  assert.equal(await rustOrRustup.check(), undefined);
});

test('a Rust that is too old is somebody else’s choice', async (t) => {
  const { bin } = await machine(t);
  said(t);
  for (const tool of ['cargo', 'rustc']) await program(join(bin, tool), `echo "${tool} 1.60.0 (old)"`);
  assert.equal(await rustOrRustup.check(), undefined);
  await assert.rejects(
    rustOrRustup.install(() => {}),
    /rustc 1\.60\.0 .* is too old: Rust 1\.\d+ or newer is needed/,
  );
});

test('a project that names another toolchain is asked what that is and has, and is given what it lacks', async (t) => {
  const { bin } = await machine(t);
  said(t);
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-toolchain-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [plain, own] = ['plain', 'own'].map((name) => join(folder, name));
  for (const at of [plain, own]) await mkdir(at);
  await writeFile(join(own, 'rust-toolchain.toml'), '');
  // What rustup's do: they go by the folder that they are called in, and tell of what they fetch.
  const inOwn = '[ -e rust-toolchain.toml ]';
  await program(
    join(bin, 'rustc'),
    `if [ "$1" = --print ]; then ${inOwn} && echo "$PWD/lib" || echo "${folder}/none"; exit; fi
${inOwn} && echo "info: syncing channel updates" >&2 && echo "rustc 1.999.0 (own)" || echo "rustc 1.60.0 (old)"`,
  );
  await program(join(bin, 'cargo'), 'echo "cargo 1.60.0"');
  await program(join(bin, 'rustup'), 'mkdir -p lib && cat < /dev/null > lib/libstd-1.rlib');
  assert.equal((await rustOrRustupIn(own).check()).note, 'rustc 1.999.0 (own)');
  assert.equal(await rustOrRustupIn(plain).check(), undefined);
  assert.notEqual((await wasmTargetIn(own).check())?.note, "wasm32-unknown-unknown, in rustc's own sysroot");
  await wasmTargetIn(own).install(() => {});
  assert.equal((await wasmTargetIn(own).check()).note, "wasm32-unknown-unknown, in rustc's own sysroot");
});
