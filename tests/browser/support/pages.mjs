import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openSite } from './site.mjs';

const folder = fileURLToPath(new URL('../pages/', import.meta.url));

/** Serves the built site as `openSite` does, with the tests' own pages beside its files. */
export async function openTestSite(owner, { intercept, ...options } = {}) {
  const pages = new Map();
  for (const name of await readdir(folder)) pages.set(`/${name}`, await readFile(new URL(name, `file://${folder}`)));
  return openSite(owner, {
    ...options,
    intercept: async (path) => (await intercept?.(path)) ?? (pages.has(path) ? { body: pages.get(path) } : undefined),
  });
}

/** Opens the bare page, watched, and waits until it has loaded the module. */
export async function openBarePage(browser, site) {
  const page = await openWatchedPage(browser);
  await page.goto(`${site.url}bare.html`);
  await page.evaluate(() => window.loading);
  return page;
}

/**
 * A blank page with `page.uncaught`, which collects the errors that nobody catches, and `page.faults`, which has these and
 * whatever else is reported on its console as an error.
 */
export async function openWatchedPage(browser) {
  const page = await browser.openPage();
  page.faults = [];
  page.uncaught = [];
  page.on('pageerror', (error) => {
    page.faults.push(String(error));
    page.uncaught.push(String(error));
  });
  page.on('console', (message) => {
    // What could not be loaded is listed by the site, which also knows what was meant to be missing.
    if (message.type() === 'error' && !/^Failed to load resource/.test(message.text()))
      page.faults.push(message.text());
  });
  return page;
}
