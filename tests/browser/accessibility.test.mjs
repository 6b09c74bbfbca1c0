// What axe finds on the pages that people see: contrast, names, roles, order.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openSite } from '../../scripts/browser/site.mjs';
import { root } from '../../scripts/lib/paths.mjs';

const pages = [
  { path: '', there: '#intro-title:not(:empty)', night: true },
  { path: 'minimal.html', there: 'canvas' },
  { path: 'docs/index.html', there: 'main h1' },
  { path: 'docs/gallery.html', there: '.gallery img' },
  { path: 'docs/environments/overcooked_ai-cramped_room.html', there: '#play', night: true },
  { path: 'docs/reference.html', there: 'main h1' },
];

describe('whoever does not see or point as others do', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let axe;
  before(async () => {
    axe = await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
    site = await openSite(owner);
    browser = await launchBrowser(owner, { whole: true });
  });

  const complaints = async (page) => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  };

  for (const { path, there, night = false } of pages) {
    test(`finds nothing amiss on /${path}${night ? ', by day and by night' : ''}`, async () => {
      for (const colorScheme of /** @type {('light' | 'dark')[]} */ (night ? ['light', 'dark'] : ['light'])) {
        const page = await browser.openPage(`${site.url}${path}`, { colorScheme });
        await page.locator(there).first().waitFor({ state: 'attached', timeout: 20_000 });
        assert.deepEqual(await complaints(page), [], colorScheme);
        await page.context().close();
      }
    });
  }

  test('is told of the tries on the page to copy, and not of every step', async () => {
    const page = await browser.openPage(`${site.url}minimal.html`);
    const { said, counts } = await page.evaluate(async () => {
      const [said, counts] = ['[role=status]', '#count'].map((name) => {
        const texts = [];
        const element = document.querySelector(name);
        new MutationObserver(() => texts.push(element.textContent)).observe(element, { childList: true });
        return texts;
      });
      await window.until('the thanks', () => /Thank you/.test(said.at(-1)), 60_000);
      return { said, counts: counts.length };
    });
    assert.ok(counts > 15, `${counts} counts`);
    assert.ok(said.length <= 5, said.join('\n'));
    assert.ok(
      said.some((text) => /^Try 1 is over after \d+ steps\.$/.test(text)),
      said.join('\n'),
    );
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('nor in a game that fingers play', async () => {
    const page = await browser.openPage(`${site.url}docs/environments/overcooked_ai-cramped_room.html`, {
      viewport: { width: 390, height: 780 },
      hasTouch: true,
      isMobile: true,
    });
    await page.locator('#play').tap();
    await page.locator('.palaestra-pads button').first().waitFor({ timeout: 20_000 });
    assert.deepEqual(await complaints(page), []);
    await page.context().close();
  });
});
