// What an environment is made of, and when that changes.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What a build writes, and what no build reads. */
const leftOut = new Set(['target', 'site', 'node_modules', 'Cargo.lock']);

/**
 * The files below a folder with their times and sizes, as text: it is another when one is saved. They are few; and looking is the same on
 * every system and disk, which being told is not.
 */
export async function fingerprint(folder) {
  const found = [];
  const look = async (at, top) => {
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name.startsWith('.') || (top && leftOut.has(entry.name))) continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) await look(path, false);
      else {
        // A file that is gone by now is one change more.
        const status = await stat(path).catch(() => undefined);
        found.push(`${path} ${status?.mtimeMs} ${status?.size}`);
      }
    }
  };
  await look(folder, true);
  return found.sort().join('\n');
}

/** Waits until a folder is another than `known`, and then until it stands still; gives what it is then. */
export async function changed(folder, known, everyMs = 200) {
  let now = known;
  for (;;) {
    await new Promise((later) => setTimeout(later, everyMs));
    const next = await fingerprint(folder);
    // An editor that saves several files, or one in several steps, is let come to an end.
    if (next !== known && next === now) return next;
    now = next;
  }
}
