import { chromium } from 'playwright-core';
import { findChromium, findHeadlessShell } from './find.mjs';
import { chromiumArguments } from './flags.mjs';
import { rendererProcess } from './processes.mjs';
import { withProtocol } from './protocol.mjs';
import { untilScript, within } from './until.mjs';

/** How long a page of a test may take to answer. */
const answerMs = 120_000;

/**
 * Starts Chromium with a fresh profile; `owner` closes it: a test's context, or a `sharedOwner` of several tests. Where it is installed
 * that is the headless shell: the same engine, for a fifth less of the processor. `whole` is the browser that people have, for what its
 * windows do (who has the keyboard), and for what is measured. With `keepsPages` a page that is left may be kept and come back as it
 * was, as at participants: Playwright turns that off.
 */
export async function launchBrowser(owner, { args = [], keepsPages = false, whole = false } = {}) {
  const executablePath = (whole ? undefined : findHeadlessShell()) ?? findChromium();
  if (!executablePath) throw new Error('no Chromium is on PATH or in CHROME: "npm test -- browser" installs one');
  const browser = await chromium.launch({
    executablePath,
    args: [...chromiumArguments, ...args],
    ignoreDefaultArgs: keepsPages ? ['--disable-back-forward-cache'] : [],
  });
  const started = new TestBrowser(browser, await browser.newBrowserCDPSession());
  owner.after(() => started.close());
  return started;
}

/** A running Chromium, seen from outside: what it says of itself counts, not what its pages say. */
export class TestBrowser {
  #browser;
  #protocol;

  constructor(browser, protocol) {
    this.#browser = browser;
    this.#protocol = protocol;
  }

  /**
   * Opens a page in a profile of its own and goes to `url` if one is given. It has `until` and `within` (see there).
   * `page.uncaught` collects the errors that nobody catches; `page.faults` has these and whatever else is reported on its
   * console as an error. `device` is what Playwright's contexts take: `viewport`, `hasTouch`, `isMobile`, …
   *
   * @param {string} [url]
   * @param {import('playwright-core').BrowserContextOptions} [device]
   */
  async openPage(url, device) {
    const context = await this.#browser.newContext(device);
    await context.addInitScript(untilScript);
    const page = watched(await context.newPage());
    if (url) await page.goto(url);
    return page;
  }

  /** The addresses of the dedicated Workers that live in the browser, of all pages or of one. */
  async dedicatedWorkers(page) {
    const { targetInfos } = await this.#protocol.send('Target.getTargets');
    // Not every Chromium says which page a Worker is of, but each page has a profile of its own.
    const profile = page && (await profileOf(page));
    return targetInfos
      .filter(({ type, browserContextId }) => type === 'worker' && (!page || browserContextId === profile))
      .map(({ url }) => url);
  }

  /** The id of the operating system's process that the page, with its dedicated Workers, runs in. */
  rendererProcess(page) {
    return rendererProcess(page);
  }

  /** Bytes of JavaScript objects that live in the page after a full garbage collection; its Workers' are not in it. */
  async liveHeap(page) {
    return withProtocol(page, async (protocol) => {
      // Finalizers run after a collection and free what the next one finds.
      for (let round = 0; round < 3; round += 1) await protocol.send('HeapProfiler.collectGarbage');
      return (await protocol.send('Runtime.getHeapUsage')).usedSize;
    });
  }

  async close() {
    await within('Chromium to end', this.#browser.close());
  }
}

async function profileOf(page) {
  return withProtocol(
    page,
    async (protocol) => (await protocol.send('Target.getTargetInfo')).targetInfo.browserContextId,
  );
}

function watched(page) {
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
  const go = page.goto.bind(page);
  page.goto = (url, options) => tellingHowFar(page, () => go(url, { timeout: answerMs, ...options }));
  const ask = page.evaluate.bind(page);
  page.evaluate = (body, argument) => within(`the page ${page.url()} to answer`, ask(body, argument), answerMs);
  return page;
}

/** What a page tells on its way to another document, in this order. */
const stages = ['request', 'response', 'requestfailed', 'framenavigated', 'domcontentloaded'];

/** Has a navigation that fails say how far it came: whether the server answered, and whether the document was there. */
async function tellingHowFar(page, navigate) {
  const heard = [];
  const listeners = stages.map((stage) => /** @type {const} */ ([stage, () => heard.push(stage)]));
  for (const [stage, listener] of listeners) page.on(stage, listener);
  try {
    return await navigate();
  } catch (error) {
    throw new Error(`${error.message}\nThe page told: ${heard.join(', ') || 'nothing'}`, { cause: error });
  } finally {
    for (const [stage, listener] of listeners) page.off(stage, listener);
  }
}
