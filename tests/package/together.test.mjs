import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, describe, test } from 'node:test';
import { engines } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openFolder } from '../../scripts/browser/site.mjs';
import { buildServer } from '../../scripts/build/server.mjs';
import { startServer } from '../../scripts/serve/palaestra-server.mjs';
import { takesWay } from '../browser/support/direct.mjs';
import { outcome, plays, reaches, sameAndTrue } from '../browser/support/together.mjs';
import { npx, openApp, pageWith, writeFiles } from './support/app.mjs';

const kitchen = 'overcooked_ai/cramped_room';
const lobbies = { study: { env_id: kitchen, kwargs: {}, fps: 30, spectators: true } };
/** Browsers hide a machine's addresses behind names that only a local network's multicast resolves; a container has none. */
const launchOptions = { args: ['--disable-features=WebRtcHideLocalIpsWithMdns'] };

describe('pages that have the package each in its own way, with a server of another origin', () => {
  const owner = sharedOwner();
  let server;
  let browser;
  /** The address of a page with a module script, of one with a script tag, and of one that is a file. */
  let addresses;

  before(async () => {
    const { app, installed } = await openApp(owner);
    const bare = join(app, 'bare');
    await npx(app, 'copy-assets', join(bare, 'palaestra'));
    await writeFiles(bare, {
      'index.html': pageWith('<script type="module" src="main.js"></script>'),
      'main.js': "import * as palaestra from './palaestra/palaestra.js';\nwindow.palaestra = palaestra;\n",
    });
    const tagged = await writeFiles(join(app, 'tagged'), {
      'index.html': pageWith('<script src="inline.global.js"></script>'),
      'inline.global.js': await readFile(join(installed, 'dist/inline/overcooked_ai.global.js'), 'utf8'),
    });
    const sites = [await openFolder(owner, bare, { isolation: false }), await openFolder(owner, tagged)];
    addresses = [...sites.map(({ url }) => url), pathToFileURL(join(tagged, 'index.html')).href];

    const data = await mkdtemp(join(tmpdir(), 'palaestra-package-server-'));
    owner.after(() => rm(data, { recursive: true, force: true }));
    await writeFile(join(data, 'lobbies.json'), JSON.stringify({ lobbies }));
    // The origin of a page that is a file, or sits in a sandboxed frame, is the word `null`.
    const origins = [...sites.map(({ url }) => new URL(url).origin), 'null'].flatMap((origin) => ['--origin', origin]);
    server = await startServer(await buildServer(), {
      data: join(data, 'data'),
      lobbies: join(data, 'lobbies.json'),
      args: origins,
    });
    owner.after(() => server.close());
    browser = await engines[0].launch(owner, launchOptions);
  });

  /** Opens a page, with a canvas; it is closed with the test. */
  async function open(t, address) {
    const page = await browser.open(address);
    t.after(() => page.close());
    await page.evaluate(async () => {
      await window.until('the package', () => window.palaestra, 30_000);
      document.body.append(Object.assign(document.createElement('canvas'), { id: 'canvas', tabIndex: 0 }));
    });
    return page;
  }

  /** Begins a game of the lobby on a page, before anything else of the package was asked for. */
  const begin = (page, server) =>
    page.evaluate(
      ([env, server]) => {
        const canvas = document.getElementById('canvas');
        canvas.focus();
        window.game = window.palaestra.play({ env, canvas, maxSteps: 240, match: { lobby: 'study', server } });
      },
      [kitchen, server],
    );

  const watch = (page, options) =>
    page.evaluate(async (options) => {
      window.rows = [];
      const canvas = document.getElementById('canvas');
      const onStep = (row) => window.rows.push(row);
      window.spectator = await window.palaestra.watch({ ...options, canvas, onStep });
    }, options);

  test('play together, directly from browser to browser, and are watched', async (t) => {
    const [first, second, watcher] = await Promise.all(addresses.map((address) => open(t, address)));
    await Promise.all([begin(first, server.url), begin(second, server.url)]);
    await Promise.all([reaches(first, 'playing'), reaches(second, 'playing')]);
    const match = await first.evaluate(() => window.game.match.id);
    await watch(watcher, { match, server: server.url });
    await Promise.all([takesWay(first, 'direct'), takesWay(second, 'direct')]);
    await Promise.all([plays(first, ['ArrowLeft', 'ArrowUp']), plays(second, ['ArrowRight', 'ArrowDown'])]);
    const sides = await Promise.all([outcome(first), outcome(second)]);
    await sameAndTrue(sides);

    const seen = await watcher.evaluate(async () => {
      const { code, frames } = await window.within('the end', window.spectator.finished, 30_000);
      const canvas = document.querySelector('canvas');
      // Of a page that is a file: its picture is its own, and can be read.
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const hashes = window.rows.map(({ frameNumber, hash }) => [frameNumber, hash]);
      return {
        code,
        frames,
        differs: window.spectator.differs,
        hashes,
        colours: new Set(new Uint32Array(data.buffer)).size,
      };
    });
    assert.deepEqual([seen.code, seen.frames, seen.differs], ['complete', 240, null]);
    const steps = sides[0].text.split('\n').filter((line) => line.startsWith('{"type":"step"'));
    assert.ok(seen.hashes.length > 60, `${seen.hashes.length} steps`);
    for (const [frame, hash] of seen.hashes) assert.equal(hash, JSON.parse(steps[frame - 1]).hash, `step ${frame}`);
    assert.ok(seen.colours > 20, `${seen.colours} colours`);
    for (const page of [first, second, watcher]) assert.deepEqual(page.faults, []);
  });

  test('are refused where the server was not told of their origin', async (t) => {
    const stranger = await openFolder(t, new URL('.', addresses[2]).pathname, {});
    const page = await open(t, stranger.url);
    await watch(page, { match: 'm-none', server: server.url });
    await page.evaluate(async () => {
      await new Promise((heard) => setTimeout(heard, 3000));
      if (window.spectator.state !== 'connecting') throw new Error(window.spectator.state);
      await window.spectator.dispose();
    });
  });
});
