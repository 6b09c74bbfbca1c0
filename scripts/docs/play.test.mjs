import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../lib/paths.mjs';

/** An element as far as the script of an environment's page knows one: a button that is disabled hears no click. */
const element = () => ({
  dataset: { env: 'CartPole-v1' },
  disabled: false,
  textContent: '',
  focus() {},
  addEventListener(_, listener) {
    this.listener = listener;
  },
  click() {
    return this.disabled ? undefined : this.listener();
  },
});

test('whoever clicks twice while it loads begins one game, which the button ends; a load that fails is tried again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-play-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'docs'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'palaestra.js'), 'export const play = (options) => globalThis.playStandIn(options);');
  await copyFile(join(root, 'www/docs/play.js'), join(folder, 'docs/play.js'));
  const page = { play: element(), canvas: element(), status: element() };
  const games = [];
  Object.assign(globalThis, {
    document: { getElementById: (id) => page[id] },
    playStandIn: () => {
      if (games.length > 1) throw new Error('It cannot be played');
      let over;
      const game = { ends: [], finished: new Promise((done) => (over = done)) };
      games.push(game);
      return {
        finished: game.finished,
        dispose(reason) {
          game.ends.push(reason);
          over({ steps: 3, returns: [] });
        },
      };
    },
  });
  t.after(() => {
    for (const name of ['document', 'playStandIn']) delete globalThis[name];
  });
  await import(String(pathToFileURL(join(folder, 'docs/play.js'))));
  for (const count of [1, 2]) {
    const first = page.play.click();
    assert.equal(page.play.click(), undefined);
    while (page.play.disabled) await new Promise(setImmediate);
    assert.deepEqual([games.length, page.play.textContent], [count, 'End it']);
    page.play.click();
    await first;
    assert.deepEqual([games[count - 1].ends, page.status.textContent], [['closed'], '3 steps']);
  }
  for (let tries = 0; tries < 2; tries += 1) {
    await page.play.click();
    assert.deepEqual([page.play.disabled, page.status.textContent], [false, 'It cannot be played']);
  }
});
