import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { memoryIsReadable, processMemory } from '../../scripts/browser/processes.mjs';
import { openFolder } from '../../scripts/browser/site.mjs';

const megabyte = 1 << 20;

describe('the helpers that watch a browser from outside', () => {
  const owner = sharedOwner();
  let folder;
  let site;
  let browser;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palaestra-support-'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>scratch</title>');
    await writeFile(join(folder, 'echo.js'), 'onmessage = ({ data }) => postMessage(data);');
    owner.after(() => rm(folder, { recursive: true, force: true }));
    site = await openFolder(owner, folder);
    browser = await launchBrowser(owner);
  });

  const spawnWorker = (page) =>
    page.evaluate(
      () =>
        new Promise((answered) => {
          window.worker = new Worker('echo.js');
          window.worker.onmessage = ({ data }) => answered(data);
          window.worker.postMessage('here');
        }),
    );

  test('a Worker is listed while it lives and gone after terminate', async () => {
    const page = await browser.openPage(site.url);
    assert.deepEqual(await browser.dedicatedWorkers(), []);
    assert.equal(await spawnWorker(page), 'here');
    assert.deepEqual(await browser.dedicatedWorkers(), [`${site.url}echo.js`]);
    await page.evaluate(() => window.worker.terminate());
    await eventually('the Worker to be gone', async () => (await browser.dedicatedWorkers()).length === 0);
    await page.context().close();
  });

  test('the Workers of one page are told from those of another', async () => {
    const [one, other] = [await browser.openPage(site.url), await browser.openPage(site.url)];
    await spawnWorker(one);
    assert.equal((await browser.dedicatedWorkers(one)).length, 1);
    assert.equal((await browser.dedicatedWorkers(other)).length, 0);
    await Promise.all([one, other].map((page) => page.context().close()));
    await eventually('the Worker to go with its page', async () => (await browser.dedicatedWorkers()).length === 0);
  });

  test('memory that a page takes and gives back is seen in its process', { skip: !memoryIsReadable }, async () => {
    const [page, other] = [await browser.openPage(site.url), await browser.openPage(site.url)];
    const [pid, otherPid] = [await browser.rendererProcess(page), await browser.rendererProcess(other)];
    assert.notEqual(pid, otherPid);
    const taken = 64 * megabyte;
    const before = await processMemory(pid);
    await page.evaluate((bytes) => void (window.kept = new Uint8Array(bytes).fill(7)), taken);
    const during = await processMemory(pid);
    assert.ok(during.anonymous - before.anonymous > 0.9 * taken, `${during.anonymous - before.anonymous} of ${taken}`);
    assert.ok(during.resident > during.anonymous);
    await page.evaluate(() => void (window.kept = undefined));
    await eventually('the memory to be given back', async () => {
      await browser.liveHeap(page);
      return (await processMemory(pid)).anonymous < during.anonymous - 0.9 * taken;
    });
    await Promise.all([page, other].map((each) => each.context().close()));
  });

  test('the live heap counts what is reachable and nothing else', async () => {
    const page = await browser.openPage(site.url);
    const empty = await browser.liveHeap(page);
    const grow = () => void (window.kept = Array.from({ length: 200_000 }, (_, index) => ({ index })));
    await page.evaluate(grow);
    const full = await browser.liveHeap(page);
    assert.ok(full - empty > 2 * megabyte, `${full - empty} bytes more`);
    await page.evaluate(() => void (window.kept = undefined));
    const after = await browser.liveHeap(page);
    assert.ok(after - empty < megabyte / 2, `${after - empty} bytes are left`);
    await page.context().close();
  });

  test('a page is cross-origin isolated unless the site sends no headers for it', async (t) => {
    const isolated = await browser.openPage(site.url);
    assert.equal(await isolated.evaluate(() => window.crossOriginIsolated), true);
    const bare = await openFolder(t, folder, { isolation: false });
    const open = await browser.openPage(bare.url);
    assert.equal(await open.evaluate(() => window.crossOriginIsolated), false);
    await Promise.all([isolated, open].map((page) => page.context().close()));
  });

  test('a Worker whose script the site does not have says so to the page', async (t) => {
    const broken = await openFolder(t, folder, { missing: ['/echo.js'] });
    const page = await browser.openPage(broken.url);
    const heard = await page.evaluate(
      () => new Promise((happened) => (new Worker('echo.js').onerror = ({ type }) => happened(type))),
    );
    assert.equal(heard, 'error');
    assert.ok(broken.requests.some(({ path, status }) => path === '/echo.js' && status === 404));
    await page.context().close();
  });
});
