import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { compareVersions, minimumRust } from '../lib/cargo-files.mjs';
import { root } from '../lib/paths.mjs';
import { ask, mustRun, which } from '../lib/run.mjs';
import { say } from '../lib/say.mjs';
import { confirmAtTerminal } from './apt.mjs';
import { MissingError } from './step.mjs';

const byHand = 'install Rust with rustup (https://rustup.rs), open a new shell and start again';

/** What the compiler says of itself in a folder. rustup may have brought it just now, and tells of that before. */
async function rustcIn(cwd) {
  const output = await ask(['rustc', '--version'], { cwd });
  return output?.match(/^rustc .*$/m)?.[0];
}

/**
 * The Rust compiler and cargo, of the toolchain that rustup takes in a folder. In a clone they are the developer's to choose, so they are
 * asked for and never installed.
 */
export const rustIn = (cwd) => ({
  name: 'rust',
  installing: 'looking for cargo and rustc',
  async check() {
    // One after the other: the first may have rustup fetch the toolchain that the folder names.
    const rustc = await rustcIn(cwd);
    const cargo = await ask(['cargo', '--version'], { cwd });
    const version = rustc?.match(/^rustc ([0-9.]+)/)?.[1];
    if (!cargo || !version || compareVersions(version, minimumRust()) < 0) return undefined;
    return { note: rustc };
  },
  async install() {
    const old = await rustcIn(cwd);
    throw new MissingError(
      'rust',
      old
        ? `${old} is too old: Rust ${minimumRust()} or newer is needed, run "rustup update stable"`
        : `cargo and rustc are not on PATH: ${byHand}`,
    );
  },
});

/** Those for this project. */
export const rust = rustIn(root);

const installer = 'https://sh.rustup.rs';

/** Where rustup puts the programs. */
const bin = () => join(process.env.CARGO_HOME || join(homedir(), '.cargo'), 'bin');

/** Finds them there from now on. A shell that was open before, or that was never told, does not. */
const findThere = () => {
  process.env.PATH = `${bin()}${delimiter}${process.env.PATH}`;
};

/** The same for those who only want to try an environment: where there is no Rust, rustup brings it, into their own home folder. */
export const rustOrRustup = (cwd) => ({
  ...rustIn(cwd),
  async check() {
    if (!which('cargo') && which(join(bin(), 'cargo'))) findThere();
    return rustIn(cwd).check();
  },
  async install(update, { confirm = confirmAtTerminal } = {}) {
    // One that is too old is somebody's choice.
    if (which('rustc') || which('cargo')) return rustIn(cwd).install();
    const missing = (why) => new MissingError('rust', `${why}: ${byHand}`);
    if (!which('curl')) throw missing('cargo and rustc are not on PATH, and there is no curl to fetch rustup with');
    say(
      'note',
      'rust',
      `this installs Rust with rustup, from ${installer}, in ~/.rustup and ~/.cargo: environments are written in Rust, and compiled here`,
    );
    if (!(await confirm())) throw missing('not installed, as you wished');
    const script = await mustRun(['curl', '--proto', '=https', '--tlsv1.2', '-sSf', installer], {
      onLine: () => update('fetching rustup'),
      timeoutMs: 120_000,
    });
    const options = ['-y', '--profile', 'minimal', '--target', 'wasm32-unknown-unknown', '--no-modify-path'];
    await mustRun(['sh', '-c', script, 'rustup-init', ...options], { onLine: update, timeoutMs: 900_000 });
    findThere();
    say('note', 'rust', `put ${bin()} on the PATH of your shell to type cargo yourself`);
  },
});
