import { join } from 'node:path';
import { lockedVersion } from '../lib/cargo-files.mjs';
import { cacheDir } from '../lib/paths.mjs';
import { ask, mustRun, which } from '../lib/run.mjs';
import { MissingError } from './step.mjs';

const ownRoot = join(cacheDir, 'tools');

/** A step for a command line tool that cargo installs: the one on PATH if its version is right, else our own. */
function cargoTool({ name, crate, version, words = ['--version'] }) {
  const ours = join(ownRoot, 'bin', name);
  return {
    name,
    installing: `cargo install ${crate} (a few minutes, once)`,
    async check() {
      for (const path of [ours, which(name)]) {
        const printed = path && (await ask([path, ...words]));
        if (printed?.split(/\s+/)[1] === version()) {
          return { note: `${version()} ${path === ours ? 'of its own' : `at ${path}`}`, value: path };
        }
      }
      return undefined;
    },
    async install(update) {
      const wanted = version();
      if (!wanted) throw new MissingError(name, `Cargo.lock holds no ${crate} version to install`);
      // Unoptimised they are built in half the time and still fast enough for what they do here.
      const command = [
        'cargo',
        'install',
        crate,
        '--version',
        wanted,
        '--locked',
        '--debug',
        '--root',
        ownRoot,
        '--force',
      ];
      // Without a target folder of the project's, cargo builds in a temporary one and removes it.
      await mustRun(command, { env: { CARGO_TARGET_DIR: undefined, CARGO_PROFILE_DEV_DEBUG: '0' }, onLine: update });
    },
  };
}

/** Runs browser tests of Rust crates; its version must be that of the wasm-bindgen crate to the last digit. */
export const wasmBindgenRunner = cargoTool({
  name: 'wasm-bindgen-test-runner',
  crate: 'wasm-bindgen-cli',
  version: () => lockedVersion('wasm-bindgen') ?? lockedVersion('wasm-bindgen-cli-support'),
});

export const wasmPack = cargoTool({ name: 'wasm-pack', crate: 'wasm-pack', version: () => '0.15.1' });

export const cargoFuzz = cargoTool({ name: 'cargo-fuzz', crate: 'cargo-fuzz', version: () => '0.13.1' });

export const cargoMutants = cargoTool({
  name: 'cargo-mutants',
  crate: 'cargo-mutants',
  version: () => '27.1.0',
  // It is a subcommand of cargo in its own eyes.
  words: ['mutants', '--version'],
});
