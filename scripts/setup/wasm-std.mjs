// Rust's standard library for the browser, compiled from Debian's sources. It is kept in a sysroot of the project's own,
// which wrappers named `rustc` and `rustdoc` point the system's compiler at: nothing outside the cache folder changes.
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { compareVersions, minimumRust } from '../lib/cargo-files.mjs';
import { cacheDir, wasmTriple } from '../lib/paths.mjs';
import { ask, mustRun, which } from '../lib/run.mjs';
import { aptInstall, packagesInstalled } from './apt.mjs';
import { MissingError } from './step.mjs';

const packages = ['rustc-web', 'rust-web-src'];
const compiler = '/usr/bin/rustc';
const home = join(cacheDir, 'wasm-std');
const stampFile = 'stamp.json';
// Raise it when what is built below changes, so that older builds are made anew.
const recipe = 2;

const hostTriple = (version) => version?.match(/^host: (.*)$/m)?.[1];

/** The library built earlier for the compiler that is installed now, or undefined. */
export async function builtStd() {
  const text = await readFile(join(home, stampFile), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const stamp = JSON.parse(text);
  const version = await ask([compiler, '-vV']);
  if (stamp.recipe !== recipe || stamp.version !== version || !existsSync(stamp.linker)) return undefined;
  return {
    version: version.split('\n')[0],
    env: {
      RUSTC: join(home, 'bin/rustc'),
      RUSTDOC: join(home, 'bin/rustdoc'),
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: stamp.linker,
      // wasm-pack asks the rustc on PATH, not RUSTC, whether it knows the target.
      PATH: `${join(home, 'bin')}${delimiter}${process.env.PATH}`,
    },
  };
}

/**
 * Installs Debian's compiler and sources where they are missing and compiles the library: about a minute on two cores.
 * `step` is the name under which what is missing is reported.
 */
export async function buildStd(step, update) {
  if (!(await packagesInstalled(packages)))
    await aptInstall(step, packages, "they hold Rust's standard library for the browser", update);
  const version = await mustRun([compiler, '-vV']);
  const sysroot = await mustRun([compiler, '--print', 'sysroot']);
  const release = version.match(/^release: ([0-9.]+)/m)?.[1] ?? '0';
  if (compareVersions(release, minimumRust()) < 0 || !existsSync(join(sysroot, 'lib/rustlib/src/rust/library'))) {
    throw new MissingError(
      step,
      `${compiler} is Rust ${release}: the packages ${packages.join(' and ')} of Rust ${minimumRust()} or newer are needed`,
    );
  }
  const linker = (await findLinker()) ?? (await installLinker(step, update));
  const next = `${home}.next`;
  await rm(next, { recursive: true, force: true });
  const libraries = await compile(join(next, 'build'), update);
  await layOut(next, libraries, join(sysroot, 'lib/rustlib', hostTriple(version)));
  await prove(next, linker);
  await rm(join(next, 'build'), { recursive: true });
  await writeFile(join(next, stampFile), JSON.stringify({ recipe, version, linker }));
  await rm(home, { recursive: true, force: true });
  await rename(next, home);
}

/** Debian's compiler comes without the linker that this target needs; rustup's toolchains and Debian's `lld` have it. */
async function findLinker() {
  for (const command of [['rustc'], ['rustup', 'run', 'stable', 'rustc']]) {
    const sysroot = await ask([...command, '--print', 'sysroot']);
    const host = hostTriple(await ask([...command, '-vV']));
    const linker = sysroot && host && join(sysroot, 'lib/rustlib', host, 'bin/rust-lld');
    if (linker && existsSync(linker)) return linker;
  }
  return which('wasm-ld');
}

async function installLinker(step, update) {
  await aptInstall(step, ['lld'], 'it links WebAssembly', update);
  const linker = which('wasm-ld');
  if (!linker) throw new MissingError(step, 'the package lld brought no wasm-ld: install one and start again');
  return linker;
}

async function compile(folder, update) {
  await mkdir(join(folder, 'src'), { recursive: true });
  await writeFile(join(folder, 'src/lib.rs'), '');
  await writeFile(
    join(folder, 'Cargo.toml'),
    '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n',
  );
  const targetDir = join(folder, 'target');
  await mustRun(['cargo', 'build', '--release', '--target', wasmTriple], {
    cwd: folder,
    onLine: update,
    env: {
      RUSTC: compiler,
      RUSTC_BOOTSTRAP: '1',
      // Without `test` browser tests do not compile.
      CARGO_UNSTABLE_BUILD_STD: 'std,panic_abort,test',
      // The libraries keep their bitcode, or a crate could not be optimised together with them.
      CARGO_PROFILE_RELEASE_LTO: 'fat',
      CARGO_TARGET_DIR: targetDir,
    },
  });
  const deps = join(targetDir, wasmTriple, 'release/deps');
  const files = await readdir(deps);
  return files
    .filter((file) => /^lib.*\.rlib$/.test(file) && !file.startsWith('libempty-'))
    .map((file) => join(deps, file));
}

async function layOut(folder, libraries, hostLibraries) {
  const rustlib = join(folder, 'sysroot/lib/rustlib');
  const libdir = join(rustlib, wasmTriple, 'lib');
  await mkdir(libdir, { recursive: true });
  await Promise.all(libraries.map((file) => copyFile(file, join(libdir, basename(file)))));
  // Procedural macros and build scripts are compiled for this machine by the same compiler.
  await symlink(hostLibraries, join(rustlib, basename(hostLibraries)));
  await mkdir(join(folder, 'bin'));
  for (const tool of ['rustc', 'rustdoc']) {
    const wrapper = join(folder, 'bin', tool);
    await writeFile(wrapper, `#!/bin/sh\nexec /usr/bin/${tool} --sysroot "$(dirname "$0")/../sysroot" "$@"\n`);
    await chmod(wrapper, 0o755);
  }
}

/** Compiles, optimises and links a module with the new libraries, so that a broken set is never taken into use. */
async function prove(folder, linker) {
  const source = join(folder, 'build/proof.rs');
  await writeFile(
    source,
    '#[unsafe(no_mangle)]\npub extern "C" fn proof() -> usize {\n    format!("{:?}", 1.5).len()\n}\n',
  );
  const options = ['--edition', '2024', '--crate-type', 'cdylib', '--target', wasmTriple];
  const asReleased = ['-C', 'lto=fat', '-C', 'panic=abort', '-C', `linker=${linker}`];
  const rustc = join(folder, 'bin/rustc');
  await mustRun([rustc, ...options, ...asReleased, '-o', join(folder, 'build/proof.wasm'), source]);
}
