// The documentation page as a test reads it: the files whose whole source it has, and the commands it tells to type.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

const page = join(root, 'docs/your-environment.md');

/** The blocks of the page, `{ language, name, text }`; those with a name are files. */
async function blocks() {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language, name, body]) => ({
    language,
    name,
    text: body,
  }));
}

/** Writes the page's files into `folder`, with this clone in the place of `../palaestra`; gives their names. */
export async function writeFamily(folder) {
  const files = (await blocks()).filter(({ name }) => name);
  for (const { name, text } of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    const content = name === 'Cargo.toml' ? text.replaceAll('../palaestra/', root) : text;
    // What stays as it was is left alone: cargo has nothing to do for it then.
    if ((await readFile(path, 'utf8').catch(() => undefined)) !== content) await writeFile(path, content);
  }
  return files.map(({ name }) => name);
}

/** Every command that the page tells to type, without what is said of it. */
async function lines() {
  const shell = (await blocks()).filter(({ language }) => language === 'sh');
  return shell.flatMap(({ text }) => text.split('\n')).map((line) => line.replace(/\s+#.*$/, '').trim());
}

/** Those that begin so. */
export const commands = async (beginning) => (await lines()).filter((line) => beginning.test(line));

/** What stands behind `--` in the page's only command that begins with `npm run <script>` and ends as `ending` says. */
export async function documented(script, ending = /.*/) {
  const commands = (await lines()).filter((line) => line.startsWith(`npm run ${script} -- `));
  const found = commands.filter((line) => ending.test(line));
  if (found.length !== 1)
    throw new Error(`expected one command "npm run ${script}" that fits ${ending}, found ${found.length}`);
  return found[0].split(' -- ')[1].split(' ');
}
