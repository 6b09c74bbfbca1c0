// The JavaScript that documents show, as files that the type checker reads.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { root } from '../lib/paths.mjs';

/** Each block's program, with the line of the document that it begins at; of a page's HTML what its module scripts hold. */
export function programs(text) {
  const found = [];
  for (const { index, 1: language, 2: body } of text.matchAll(/^```(js|html)\n(.*?)^```/gms)) {
    const line = text.slice(0, index).split('\n').length + 1;
    if (language === 'js') found.push({ line, code: body });
    for (const script of language === 'html' ? body.matchAll(/<script type="module">\n?(.*?)<\/script>/gs) : []) {
      found.push({ line: line + body.slice(0, script.index).split('\n').length, code: script[1] });
    }
  }
  return found;
}

/** What a document's program may take for granted: a page has it, or the text around it says so. */
const given =
  'declare const document: any, window: any, location: any, canvas: HTMLCanvasElement; ' +
  'declare function showParticipant(text: string): void; declare function sendItMyself(file: Blob): Promise<void>;';

/** What a short program may go on with: functions that the text has named before, and what they gave. */
const functions = ['init', 'make', 'play', 'preload', 'recover', 'watch'];
const values = { game: 'Game', env: 'Env', record: 'GameRecord' };

/** The package's own names that a program uses without saying where they are from. */
function presumed(code) {
  const said = (name) => new RegExp(`(import|const|let|async|function)[^;=]*\\b${name}\\b(?!\\()`).test(code);
  const own = functions.filter((name) => new RegExp(`\\b${name}\\(`).test(code) && !said(name));
  const made = Object.entries(values).filter(([name]) => new RegExp(`\\b${name}\\.`).test(code) && !said(name));
  const imports = own.length > 0 ? `import { ${own.join(', ')} } from 'palaestra'; ` : '';
  return imports + made.map(([name, type]) => `declare const ${name}: import('palaestra').${type}; `).join('');
}

/** As a module of its own: the package's names lead to its types. */
const asModule = (code) => {
  const text = code.replace(/'(?:[^']*\/)?palaestra\.js'/g, "'palaestra'");
  return `${given} ${presumed(text)}\n${text}\nexport {};\n`;
};

/**
 * Writes the programs of all documents to a folder, with what the type checker has to know of them; gives its tsconfig.
 *
 * @param {string} folder
 */
export async function writePrograms(folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const documents = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
  const paths = ['README.md', ...documents.map((name) => `docs/${name}`)];
  let count = 0;
  for (const path of paths) {
    for (const { line, code } of programs(await readFile(join(root, path), 'utf8'))) {
      await writeFile(join(folder, `${basename(path, '.md')}-line-${line}.ts`), asModule(code));
      count += 1;
    }
  }
  await writeFile(join(folder, 'others.d.ts'), "declare module 'jspsych';\ndeclare module '@jspsych/*';\n");
  const types = (name) => [join(root, 'www', `${name}.d.ts`)];
  const entries = {
    palaestra: types('palaestra'),
    'palaestra/jspsych': types('jspsych'),
    'palaestra/inline': types('inline'),
  };
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'ES2022',
    module: 'ES2022',
    moduleResolution: 'bundler',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    types: [],
    skipLibCheck: true,
    noImplicitAny: false,
    paths: { ...entries, 'palaestra/data': types('data') },
  };
  const config = join(folder, 'tsconfig.json');
  await writeFile(config, JSON.stringify({ compilerOptions, include: ['*.ts'] }, null, 2));
  return { config, count };
}
