import { fileURLToPath } from 'node:url';
import { openSite } from '../../../scripts/browser/site.mjs';

const folder = fileURLToPath(new URL('../pages/', import.meta.url));

/** Serves the built site as `openSite` does, with the tests' own pages beside its files. */
export const openTestSite = (owner, options) => openSite(owner, { beside: { '/': folder }, ...options });

/** Opens the bare page and waits until it has loaded the module. */
export async function openBarePage(browser, site) {
  const page = await browser.openPage(`${site.url}bare.html`);
  await page.evaluate(() => window.loading);
  return page;
}
