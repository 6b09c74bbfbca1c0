// What a participant downloads.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { root } from '../lib/paths.mjs';
import { launchEngine, withPage } from '../browser/engines.mjs';
import { figure } from './figures.mjs';
import { openBenchSite } from './site.mjs';

const dist = join(root, 'dist');
/** Of the site, but not of the runtime: the demo's own files, what is read by people and tools, and what is there in another form as well. */
const notRuntime = /^(demo\/|docs\/|inline|index\.html$|minimal\.html$|.*\.(d\.ts|md|map|br|gz)$)/;
/** The family whose module a file is, or undefined. */
const familyIn = (file) => /^worker\/(.*)_bg\.wasm$/.exec(file)?.[1];
/** Loaded after the last step, by the page of a game that packs and replays its record, or takes it as a table. */
const afterTheGame = /^(verifier|export)\//;

const pages = [
  { id: 'CartPole-v1', name: 'CartPole' },
  { id: 'MiniGrid-DoorKey-8x8-v0', name: 'DoorKey' },
  { id: 'overcooked_ai/cramped_room', name: 'Overcooked' },
];

/** Bytes of some content: as it is, and as servers compress it beforehand. */
function sizesOf(content) {
  const gzip = gzipSync(content, { level: 9 }).length;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  return { raw: content.length, gzip, brotli: brotliCompressSync(content, { params }).length };
}

const sum = (sizes) =>
  sizes.reduce(
    (total, size) => ({
      raw: total.raw + size.raw,
      gzip: total.gzip + size.gzip,
      brotli: total.brotli + size.brotli,
    }),
    { raw: 0, gzip: 0, brotli: 0 },
  );

export const sizes = {
  name: 'sizes',
  title: 'Downloads',
  about:
    'Each file compressed by itself, with gzip -9 and brotli -11. The whole runtime is every file of the site that is not the ' +
    "demo's own. A page downloads the Worker's module of the one family it plays: what a page with one environment downloads is " +
    'what it asked the server for until its first picture was painted.',
  async run({ owner, update }) {
    update('compressing');
    const files = (await readdir(dist, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(dist.length + 1))
      .filter((file) => !notRuntime.test(file))
      .sort();
    const bySize = new Map();
    for (const file of files) bySize.set(file, sizesOf(await readFile(join(dist, file))));
    const whole = sum([...bySize.values()]);
    const playing = sum([...bySize].filter(([file]) => !afterTheGame.test(file)).map(([, size]) => size));
    const figures = [
      kilobytes('Whole runtime with every built-in environment, gzip', whole.gzip),
      kilobytes('of it, all but the replay after a game, gzip', playing.gzip),
      kilobytes('Whole runtime, brotli', whole.brotli),
      kilobytes('Whole runtime, as it is', whole.raw),
      ...[...bySize]
        .filter(([file]) => familyIn(file))
        .map(([file, size]) => kilobytes(`Worker's module of ${familyIn(file)}, gzip`, size.gzip)),
    ];

    const site = await openBenchSite(owner);
    const chromium = await launchEngine('Chromium', owner);
    const rows = [...bySize].map(([file, size]) => [file, size.raw, size.gzip, size.brotli]);
    rows.push(['all', whole.raw, whole.gzip, whole.brotli]);
    for (const { id, name } of pages) {
      update(`a page with ${name}`);
      const paths = await withPage(
        chromium,
        `${site.url}bench/cold.html?env=${encodeURIComponent(id)}`,
        ({ evaluate }) => evaluate(() => window.asked),
      );
      const asked = paths.map((path) => path.slice(1)).filter((path) => bySize.has(path));
      const page = sum([...new Set(asked)].map((path) => bySize.get(path)));
      const bound = name === 'CartPole' ? { target: 5, value: 180 } : undefined;
      figures.push(kilobytes(`A page with ${name}, gzip`, page.gzip, bound));
      figures.push(kilobytes(`A page with ${name}, brotli`, page.brotli));
      rows.push([`a page with ${name}: ${[...new Set(asked)].length} files`, page.raw, page.gzip, page.brotli]);
    }
    return { figures, notes: [], table: { head: ['file', 'bytes', 'gzip', 'brotli'], rows } };
  },
};

/** @type {(name: string, bytes: number, bound?: { target: number, value: number }) => ReturnType<typeof figure>} */
const kilobytes = (name, bytes, bound) =>
  figure({ name, unit: 'kB', ours: [bytes / 1000], bound: bound && { ...bound, of: 'figure', at: 'most' } });
