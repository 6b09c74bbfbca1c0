import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';

/**
 * What rustc is told besides cargo's own flags: to leave this machine's folders out of the modules. Panic messages hold the
 * paths of sources; with these they are shorter, and the same whoever builds.
 */
export function rustflags(environment) {
  const registry = join(environment.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry/src');
  const own = [`--remap-path-prefix=${root.replace(/\/$/, '')}=palaestra`, `--remap-path-prefix=${registry}=crates`];
  const given = environment.CARGO_ENCODED_RUSTFLAGS?.split('\x1f') ?? environment.RUSTFLAGS?.split(/\s+/) ?? [];
  return [...given.filter(Boolean), ...own].join('\x1f');
}
