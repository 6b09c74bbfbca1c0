import { homedir } from 'node:os';
import { join } from 'node:path';
import { cratesOfPackage } from '../lib/cargo-files.mjs';
import { isPackage, root } from '../lib/paths.mjs';

/**
 * What rustc is told besides cargo's own flags: to leave this machine's folders out of the modules. Panic messages hold the
 * paths of sources; with these they are shorter, and the same whoever builds. Of two prefixes that fit the later one counts.
 */
export function rustflags(environment) {
  const registry = join(environment.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry/src');
  const own = [
    [homedir(), '~'],
    [root.replace(/\/$/, ''), ''],
    [registry, 'crates'],
    ...(isPackage ? [[cratesOfPackage(), 'palaestra']] : []),
  ].map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
  const given = environment.CARGO_ENCODED_RUSTFLAGS?.split('\x1f') ?? environment.RUSTFLAGS?.split(/\s+/) ?? [];
  return [...given.filter(Boolean), ...own].join('\x1f');
}
