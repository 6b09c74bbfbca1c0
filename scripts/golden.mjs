// npm run golden [-- FILTER...]: makes the families' records (tests/golden of each) anew from the Python packages, and replaces
// those whose content has changed. FILTER is part of an environment's id or of a make_*.py's name.
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { main, PlainError } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { CommandError, mustRun } from './lib/run.mjs';
import { plain, progress, say, since } from './lib/say.mjs';
import { bring } from './golden/bring.mjs';
import { chosen } from './parity/arguments.mjs';
import { reference } from './parity/compare.mjs';
import { setUpReferences } from './setup/index.mjs';

const families = join(root, 'crates/families');

/**
 * What there is to run: the driver once for every environment, and the families' scripts for special cases. Each writes into a
 * folder of `folder` that is named as the family's own.
 */
async function jobs(python, folder, filters) {
  const listed = JSON.parse((await mustRun([python, reference, 'list'], { cwd: root })).split('\n').at(-1));
  const driven = listed.map(({ env_id: id }) => ({ name: id, command: [python, reference, 'golden', folder, id] }));
  const files = await readdir(families, { recursive: true });
  const scripts = files.filter((file) => /^[^/]+\/tests\/make_.*\.py$/.test(file)).sort();
  const special = scripts.map((file) => ({ name: basename(file), command: [python, join(families, file), folder] }));
  return [...driven, ...special].filter(({ name }) => chosen(name, filters));
}

await main(async () => {
  const start = Date.now();
  const python = await setUpReferences();
  const folder = mkdtempSync(join(tmpdir(), 'palaestra-golden-'));
  try {
    const work = await jobs(python, folder, process.argv.slice(2));
    if (work.length === 0) throw new PlainError('golden', 'nothing has a name like that');
    const shown = progress('golden', `${work.length} references and scripts`);
    for (const [index, { name, command }] of work.entries()) {
      shown.update(`${index + 1}/${work.length} ${name}`);
      await mustRun(command, { cwd: root, env: { PYTHONDONTWRITEBYTECODE: '1' } }).catch((error) => {
        if (!(error instanceof CommandError)) throw error;
        throw new PlainError(name, error.output.trim().split('\n').at(-1));
      });
    }
    shown.done();
    let [unchanged, changed] = [0, 0];
    for (const family of (await readdir(folder)).sort()) {
      const { same, written } = await bring(join(folder, family), join(families, family, 'tests/golden'));
      for (const { file, was } of written) say(was ? 'note' : 'ok', was ? 'changed' : 'new', `${family}: ${file}`);
      unchanged += same.length;
      changed += written.length;
    }
    plain(`${unchanged} unchanged, ${changed} written, in ${since(start)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
