// npm run gallery [-- ID…]: pictures of the environments for the documentation, docs/gallery/*.png, from games that play themselves in
// Chromium. To be run and committed when a scene changes; the site is the one in dist/, as it was built last.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newOwner } from './browser/owner.mjs';
import { fileName } from './docs/gallery.mjs';
import { main, PlainError } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { say } from './lib/say.mjs';
import { setUpForBrowser } from './setup/index.mjs';

/** Steps until the picture, of a game in which everybody acts at random. */
const steps = 12;

await main(async () => {
  const list = join(root, 'dist/page/registry.json');
  if (!existsSync(list)) throw new PlainError('gallery', 'there is no site in dist/ yet: run "npm run build"');
  await setUpForBrowser();
  // They need the npm packages, which a fresh clone has only now.
  const { launchEngine, withPage } = await import('./browser/engines.mjs');
  const { openSite } = await import('./browser/site.mjs');
  const { picturesFolder } = await import('./docs/index.mjs');
  const registry = JSON.parse(await readFile(list, 'utf8'));
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((id) => !registry.some((entry) => entry.id === id));
  if (unknown.length > 0) throw new PlainError('gallery', `expected ids of environments, found ${unknown.join(', ')}`);
  await mkdir(picturesFolder, { recursive: true });
  const owner = newOwner();
  try {
    const site = await openSite(owner);
    const chromium = await launchEngine('Chromium', owner);
    for (const { id, agents } of registry.filter((entry) => wanted.length === 0 || wanted.includes(entry.id))) {
      const picture = await withPage(chromium, `${site.url}minimal.html`, (page) =>
        page.evaluate(pictureOf, { id, agents, steps }),
      );
      const file = join(picturesFolder, `${fileName(id)}.png`);
      await writeFile(file, Buffer.from(picture, 'base64'));
      say('ok', 'gallery', `${id}: ${Math.round(picture.length * 0.75)} bytes`);
    }
  } finally {
    await owner.release();
  }
});

/** In the page: plays a little, and gives the picture at a card's size as base64. */
async function pictureOf({ id, agents, steps }) {
  const { play } = await import('./palaestra.js');
  const canvas = document.createElement('canvas');
  canvas.style.width = '640px';
  document.body.prepend(canvas);
  /** @type {Record<string, 'random'>} */
  const seats = Object.fromEntries(Array.from({ length: agents }, (_, i) => [`agent_${i}`, 'random']));
  const game = play({ env: id, canvas, seed: 3, maxSteps: steps, fps: 60, verify: false, tween: false, seats });
  await game.finished;
  await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  const card = new OffscreenCanvas(320, 240);
  const paint = card.getContext('2d');
  const scale = Math.min(320 / canvas.width, 240 / canvas.height);
  const [width, height] = [canvas.width * scale, canvas.height * scale];
  paint.imageSmoothingQuality = 'high';
  paint.drawImage(canvas, (320 - width) / 2, (240 - height) / 2, width, height);
  const bytes = new Uint8Array(await (await card.convertToBlob({ type: 'image/png' })).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}
