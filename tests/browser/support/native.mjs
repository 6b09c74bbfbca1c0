// The native build of the same environments: the palaestra command.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { palaestraCommand } from '../../../scripts/build/command.mjs';

const most = 1 << 30;

async function palaestra(args, options = {}) {
  if (!existsSync(palaestraCommand)) {
    throw new Error(
      `${palaestraCommand} is not built: run "npm test -- browser" or "cargo build --profile serve -p palaestra-cli"`,
    );
  }
  const { stdout } = await promisify(execFile)(palaestraCommand, args, {
    encoding: 'buffer',
    maxBuffer: most,
    ...options,
  });
  return stdout;
}

/** The ids of all environments. */
export async function environments() {
  const lines = (await palaestra(['envs'])).toString().trim().split('\n');
  return lines.map((line) => line.split(' ', 1)[0]);
}

/** The record of so many steps of random players, as it was written: JSON Lines. */
export function randomRecord(id, seed, steps) {
  return palaestra(['play', id, '--seed', String(seed), '--steps', String(steps)]);
}

/** Replays a record, and gives what the command prints; rejects if something differs. */
export async function verify(record) {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-record-'));
  try {
    const file = join(folder, 'record.jsonl');
    await writeFile(file, record);
    return (await palaestra(['verify', file])).toString();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The steps of a record of this name as `palaestra export` writes them in a format. */
export async function exported(record, name, format) {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-export-'));
  try {
    const file = join(folder, 'record.jsonl');
    await writeFile(file, record);
    const rows = (await palaestra(['export', '--format', format, file])).toString();
    return rows.replaceAll(file, name);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The files that `palaestra export` makes of a record of this name, by their paths in the folder that they go into. */
export async function exportedFiles(record, name, format) {
  const cwd = await mkdtemp(join(tmpdir(), 'palaestra-export-'));
  try {
    await writeFile(join(cwd, name), record);
    await palaestra(['export', '--format', format, '--out', format === 'minari' ? 'out' : `steps.${format}`, name], {
      cwd,
    });
    const found = await readdir(cwd, { recursive: true, withFileTypes: true });
    const files = new Map();
    for (const file of found.filter((file) => file.isFile() && file.name !== name)) {
      const path = join(file.parentPath ?? file.path, file.name);
      files.set(relative(format === 'minari' ? join(cwd, 'out') : cwd, path), await readFile(path));
    }
    return files;
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** What a page needs to play a record again, and what has to come of it: `{ seed, actions, policy, hash }`. */
export function runOf(seed, record) {
  const lines = record
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const steps = lines.filter(({ type }) => type === 'step');
  const hash = createHash('sha256').update(record).digest('hex');
  return { seed, actions: steps.map(({ action }) => action), policy: lines[0].policy, hash };
}
