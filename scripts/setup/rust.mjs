import { compareVersions, minimumRust } from '../lib/cargo-files.mjs';
import { root } from '../lib/paths.mjs';
import { ask } from '../lib/run.mjs';
import { MissingError } from './step.mjs';

/** The Rust compiler and cargo. They are the developer's to choose, so they are asked for and never installed. */
export const rust = {
  name: 'rust',
  installing: 'looking for cargo and rustc',
  async check() {
    const [cargo, rustc] = await Promise.all(['cargo', 'rustc'].map((tool) => ask([tool, '--version'], { cwd: root })));
    const version = rustc?.match(/^rustc ([0-9.]+)/)?.[1];
    if (!cargo || !version || compareVersions(version, minimumRust()) < 0) return undefined;
    return { note: rustc };
  },
  async install() {
    const old = await ask(['rustc', '--version'], { cwd: root });
    throw new MissingError(
      'rust',
      old
        ? `${old} is too old: Rust ${minimumRust()} or newer is needed, run "rustup update stable"`
        : 'cargo and rustc are not on PATH: install Rust with rustup (https://rustup.rs), open a new shell and start again',
    );
  },
};
