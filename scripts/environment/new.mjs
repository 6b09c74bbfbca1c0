// palaestra new NAME: a crate with one environment, which can be played at once.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { lockedVersion } from '../lib/cargo-files.mjs';
import { PlainError } from '../lib/main.mjs';
import { cargoRoot, root } from '../lib/paths.mjs';
import { plain } from '../lib/say.mjs';
import { crateName, environmentId } from './names.mjs';
import { linkCrates, unpackCrates } from './project.mjs';

const template = join(root, 'scripts/environment/template');

/** Where each file of the template goes. */
const places = ({ crate, library }) => ({
  'Cargo.toml': 'Cargo.toml',
  'README.md': 'README.md',
  gitignore: '.gitignore',
  'lib.rs': 'src/lib.rs',
  'picture.svg': `art/${crate}.svg`,
  'test.rs': `tests/${library}.rs`,
});

/**
 * Writes the crate into a new folder, and gives that.
 *
 * @param {string} path of the folder; its last part is the crate's name
 * @param {{ id?: string }} [options]
 */
export async function newEnvironment(path, { id } = {}) {
  const folder = resolve(path);
  const name = crateName(basename(folder));
  const names = {
    __CRATE__: name.crate,
    __FAMILY__: name.library,
    __LIB__: name.library,
    __ID__: environmentId(name, id),
    __TITLE__: [name.words[0][0].toUpperCase() + name.words[0].slice(1), ...name.words.slice(1)].join(' '),
    __VERSION__: lockedVersion('palaestra-env').replace(/\.\d+$/, ''),
  };
  await refuseToOverwrite(folder);
  await unpackCrates();
  for (const [from, to] of Object.entries(places(name))) {
    const text = await readFile(join(template, from), 'utf8');
    await mkdir(dirname(join(folder, to)), { recursive: true });
    await writeFile(
      join(folder, to),
      text.replace(/__[A-Z]+__/g, (word) => names[word] ?? word),
      { flag: 'wx' },
    );
  }
  // The versions of everything that this was tested with.
  await cp(join(cargoRoot, 'Cargo.lock'), join(folder, 'Cargo.lock'));
  await linkCrates(folder);
  return { folder, id: names.__ID__, files: Object.values(places(name)) };
}

async function refuseToOverwrite(folder) {
  if (!existsSync(folder)) return;
  const found = await readdir(folder).catch(() => ['a file']);
  // A repository that was made for it beforehand is as good as empty.
  if (found.some((file) => file !== '.git'))
    throw new PlainError(
      'new',
      `expected a folder that is not there yet, or an empty one; found ${found[0]} in ${folder}`,
    );
}

/** Says what was written, and what comes next. */
export function tellNew({ folder, id, files }) {
  const here = relative(process.cwd(), folder) || '.';
  plain(`${id} is in ${here}/: ${files.join(', ')}`);
  plain(`
Next:
  cd ${here}
  npx palaestra serve      plays it in a page, and loads that again whenever you save a file
  cargo test               holds it to what every environment is held to
  npx palaestra --help     all there is`);
}
