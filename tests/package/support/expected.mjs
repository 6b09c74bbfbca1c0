// What the study comes to, as the palaestra site of this very build plays it.
import { launchBrowser } from '../../../scripts/browser/chromium.mjs';
import { openSite } from '../../../scripts/browser/site.mjs';

let asked;

/** `{ hash }`: that of CartPole's state after the fifty steps. Asked once. */
export const expected = (owner) => (asked ??= ask(owner));

async function ask(owner) {
  const browser = await launchBrowser(owner);
  const site = await openSite(owner);
  const page = await browser.openPage(`${site.url}minimal.html`);
  const hash = await page.evaluate(async () => {
    const { make } = await import('../palaestra.js');
    const env = await make('CartPole-v1');
    await env.reset({ seed: 7 });
    for (let t = 0; t < 50; t += 1) if ((await env.step(t % 2)).terminated) await env.reset();
    const hash = await env.hash();
    await env.close();
    return hash;
  });
  await page.context().close();
  return { hash };
}
