import assert from 'node:assert/strict';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, describe, test } from 'node:test';
import { engines, skipWithout, withPage } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openFolder } from '../../scripts/browser/site.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { npx, openApp, pageWith, writeFiles } from './support/app.mjs';
import { enginesOf } from './support/engines.mjs';
import { expected } from './support/expected.mjs';
import { frameAsPage, playStudy, seesMatches } from './support/playing.mjs';

/** A page's own script, in a file, since the strictest policies allow no other. */
const moduleScript = (from) => `import * as palaestra from ${JSON.stringify(from)};
import { show } from './study.js';
show(palaestra);
`;
/** The same for a page of plain script tags, which have made `palaestra` known. */
const classic = async (app) =>
  `${(await readFile(join(app, 'study.js'), 'utf8')).replace('export function show', 'function show')}\nshow(palaestra);\n`;

const strict = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const forInline = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; img-src blob:";

describe('a page without a bundler', () => {
  const owner = sharedOwner();
  const engineOf = enginesOf(owner);
  let app;
  let installed;
  /** A folder with the package's files in `palaestra/` and a page that imports them, and one whose page has a script tag. */
  let bare;
  let tagged;

  before(async () => {
    ({ app, installed } = await openApp(owner));
    bare = join(app, 'bare');
    await npx(app, 'copy-assets', join(bare, 'palaestra'));
    await writeFiles(bare, {
      'index.html': pageWith('<script type="module" src="main.js"></script>'),
      'main.js': moduleScript('./palaestra/palaestra.js'),
      'study.js': await readFile(join(app, 'study.js'), 'utf8'),
    });
    tagged = await writeFiles(join(app, 'tagged'), {
      'index.html': pageWith('<script src="inline.global.js"></script>', '<script src="study.js"></script>'),
      'inline.global.js': await readFile(join(installed, 'dist/inline.global.js'), 'utf8'),
      'study.js': await classic(app),
    });
  });

  /** Plays the study of a page at an address. */
  const plays = async (url, engine = 'Chromium', more = async (_) => {}) =>
    withPage(await engineOf(engine), url, async (page) => {
      await playStudy(page, await expected(owner));
      await more(page);
    });
  const serves = (t, folder, options) => openFolder(t, folder, { isolation: false, ...options });
  const asked = (site) => site.requests.map(({ path }) => path).filter((path) => path !== '/favicon.ico');

  for (const { name, ...other } of engines) {
    const skip = skipWithout({ name, ...other });

    test(`with a module script plays in ${name}`, { skip }, async (t) => plays((await serves(t, bare)).url, name));

    test(`with a script tag plays in ${name}`, { skip }, async (t) => plays((await serves(t, tagged)).url, name));

    test(`of a file plays in ${name}`, { skip }, async () => {
      const url = pathToFileURL(join(tagged, 'index.html')).href;
      // A Worker of such a page reads no Blob in WebKit: what was played is kept, and not replayed.
      const verdict = name === 'WebKit' ? /^not verified: / : undefined;
      await withPage(await engineOf(name), url, async (page) => playStudy(page, await expected(owner), verdict));
    });

    test(`that has the package from another origin plays in ${name}`, { skip }, async (t) => {
      const files = await serves(t, join(bare, 'palaestra'), { headers: { 'access-control-allow-origin': '*' } });
      const folder = await writeFiles(join(app, `elsewhere-${name}`), {
        'index.html': pageWith('<script type="module" src="main.js"></script>'),
        'main.js': moduleScript(`${files.url}palaestra.js`),
        'study.js': await readFile(join(app, 'study.js'), 'utf8'),
      });
      await plays((await serves(t, folder)).url, name);
    });
  }

  test('downloads one family for each game, and the verifier when a record is looked at', async (t) => {
    const site = await serves(t, bare);
    await withPage(await engineOf('Chromium'), site.url, async (page) => {
      await playStudy(page, await expected(owner));
      const own = ['/', '/main.js', '/study.js'];
      // What keeps a record comes after the first picture, and what makes its file on the page after two seconds.
      const files = [...new Set(asked(site))].filter(
        (path) => !own.includes(path) && !/(_page_record\.wasm|\/save\.js)$/.test(path),
      );
      assert.deepEqual(files.sort(), [
        '/palaestra/art/overcooked.svg',
        '/palaestra/page/descriptions.json',
        '/palaestra/page/make.js',
        '/palaestra/page/palaestra_page_bg.wasm',
        '/palaestra/page/palaestra_page_make.wasm',
        '/palaestra/page/palaestra_page_options.wasm',
        '/palaestra/palaestra.js',
        '/palaestra/verifier/boot.js',
        '/palaestra/verifier/palaestra_verifier_bg.wasm',
        '/palaestra/worker/boot.js',
        '/palaestra/worker/classic_control_bg.wasm',
        '/palaestra/worker/classic_control_options.wasm',
        '/palaestra/worker/classic_control_program.wasm',
        '/palaestra/worker/overcooked_ai_bg.wasm',
        '/palaestra/worker/overcooked_ai_options.wasm',
        '/palaestra/worker/overcooked_ai_program.wasm',
      ]);
      await seesMatches(page);
    });
  });

  test('asks for seven files at most to play CartPole with an option that few games have, and for four more to verify its record', async (t) => {
    const folder = join(app, 'small');
    await npx(app, 'copy-assets', folder, '--family', 'classic_control', '--compress');
    await writeFiles(folder, { 'index.html': pageWith('<canvas style="width: 300px"></canvas>') });
    const site = await serves(t, folder);
    await withPage(await engineOf('Chromium'), site.url, async ({ page }) => {
      const before = asked(site).length;
      const filesSince = () => [...new Set(asked(site).slice(before))];
      const bytes = async (files, ending) => {
        const sizes = files.map(async (file) => (await readFile(join(folder, `${file}${ending}`))).length);
        return (await Promise.all(sizes)).reduce((sum, size) => sum + size);
      };
      const told = async (what, files) => {
        const [gzip, brotli] = [await bytes(files, '.gz'), await bytes(files, '.br')];
        t.diagnostic(
          `${what}: ${files.length} files, ${gzip} bytes with gzip, ${brotli} with brotli: ${files.join(' ')}`,
        );
      };
      await page.evaluate(async (path) => {
        const { play } = await import(path);
        const canvas = document.querySelector('canvas');
        // Long enough for everything that a game asks for.
        const game = play({ env: 'CartPole-v1', canvas, seed: 7, fps: 30, maxSteps: 90, focusTimeout: Infinity });
        canvas.focus();
        window.record = await game.finished;
      }, '/palaestra.js');
      const played = filesSince();
      await told('a game', played);
      assert.ok(played.length <= 7, played.join(', '));
      const said = await page.evaluate(async () => (await window.record.verification()).message);
      assert.match(said, /^verified: 90 steps identical$/);
      const verified = filesSince().filter((file) => !played.includes(file));
      await told('and its record', verified);
      assert.ok(verified.length <= 4, verified.join(', '));
    });
  });

  test('asks for nothing before the package is used', async (t) => {
    const site = await serves(t, bare);
    await withPage(await engineOf('Chromium'), `${site.url}study.js`, async ({ page }) => {
      const before = asked(site).length;
      await page.evaluate(() => import('./palaestra/palaestra.js'.replace('./', '/')));
      assert.deepEqual(asked(site).slice(before), ['/palaestra/palaestra.js']);
    });
  });

  test('of a script tag from another origin, plays', async (t) => {
    const files = await serves(t, tagged);
    const folder = await writeFiles(join(app, 'tagged-elsewhere'), {
      'index.html': pageWith(
        `<script src="${files.url}inline.global.js"></script>`,
        '<script src="study.js"></script>',
      ),
      'study.js': await classic(app),
    });
    await plays((await serves(t, folder)).url, 'Chromium', seesMatches);
  });

  for (const [what, policy, folderOf] of /** @type {const} */ ([
    ['with a module script', strict, () => bare],
    ['with a script tag', forInline, () => tagged],
  ])) {
    test(`${what} plays under the strictest content policy`, async (t) => {
      // A style of the study's own page is none of the package's business: it is set by script.
      const site = await serves(t, folderOf(), { headers: { 'content-security-policy': policy } });
      const { browser } = await engineOf('Chromium');
      const page = await browser.openPage();
      await page.addInitScript(() => {
        window.violations = [];
        document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
          window.violations.push(`${violatedDirective}: ${blockedURI}`),
        );
      });
      await page.goto(site.url);
      await playStudy(frameAsPage(page, page), await expected(owner));
      assert.deepEqual(await page.evaluate(() => window.violations), []);
      await page.context().close();
    });
  }

  for (const [what, sandboxed, headers] of /** @type {const} */ ([
    ['a script tag', () => tagged, {}],
    // A frame without an origin is another origin than its own server: that has to say that it may.
    ['a module script', () => bare, { 'access-control-allow-origin': '*' }],
  ])) {
    test(`of ${what} plays in a sandboxed frame`, async (t) => {
      const site = await serves(t, sandboxed(), { headers });
      const outer = await writeFiles(join(app, 'outer'), {
        'index.html': pageWith(`<iframe sandbox="allow-scripts" src="${site.url}" width="400" height="400"></iframe>`),
      });
      const { browser } = await engineOf('Chromium');
      const page = await browser.openPage((await serves(t, outer)).url);
      const frame = await eventually('the frame', () => page.frames()[1]);
      await page.locator('iframe').click();
      assert.equal(await frame.evaluate(() => self.origin), 'null');
      await playStudy(frameAsPage(page, frame), await expected(owner));
      await page.context().close();
    });
  }

  test('plays where the page is cross-origin isolated', async (t) => {
    const site = await serves(t, bare, { isolation: true });
    await plays(site.url, 'Chromium', async (page) =>
      assert.equal(await page.evaluate(() => self.crossOriginIsolated), true),
    );
  });

  for (const type of ['application/octet-stream', 'text/plain', 'text/html; charset=utf-8']) {
    test(`plays where WebAssembly is served as ${type}`, async (t) => {
      const site = await serves(t, bare, {
        intercept: async (path) =>
          path.endsWith('.wasm')
            ? { headers: { 'content-type': type }, body: await readFile(join(bare, path)) }
            : undefined,
      });
      await plays(site.url);
    });
  }

  test('plays at a sub-path', async (t) => {
    const deep = join(app, 'deep');
    await mkdir(join(deep, 'lab/study 1'), { recursive: true });
    await cp(bare, join(deep, 'lab/study 1'), { recursive: true });
    await plays(`${(await serves(t, deep)).url}lab/study%201/`);
  });

  for (const [what, options] of [
    ['in a folder that init names', "{ base: new URL('/files', location.href) }"],
    ['where init says of each', "{ locateFile: (path) => '/files/' + path + '?v=1' }"],
  ]) {
    test(`plays with its files ${what}`, async (t) => {
      const folder = join(app, `placed-${what.replace(/\W+/g, '-')}`);
      await mkdir(join(folder, 'files'), { recursive: true });
      await cp(join(bare, 'palaestra'), join(folder, 'files'), { recursive: true });
      await writeFiles(folder, {
        'index.html': pageWith('<script type="module" src="main.js"></script>'),
        'palaestra.js': await readFile(join(installed, 'dist/palaestra.js'), 'utf8'),
        'main.js': `${moduleScript('./palaestra.js')}await palaestra.init(${options});\n`,
        'study.js': await readFile(join(app, 'study.js'), 'utf8'),
      });
      const site = await serves(t, folder);
      await plays(site.url, 'Chromium', seesMatches);
      assert.ok(asked(site).includes('/files/worker/classic_control_bg.wasm'), asked(site).join(', '));
    });
  }
});
