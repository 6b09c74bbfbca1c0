import { once } from 'node:events';
import { createServer as createWebServer } from 'node:http';
import { createServer } from 'node:net';
import { Builder, Key } from 'selenium-webdriver';
import { findWebkit } from './find.mjs';
import { freshHome, startGuarded } from './guard.mjs';
import { eventually, untilScript, within } from './until.mjs';

/** How long a page may take to answer. */
const answerMs = 120_000;
/** How long WebKit may take over a page that has nothing in it. */
const firstPageMs = 60_000;

/**
 * Starts WebKit's MiniBrowser in a fresh home, on a screen that nobody sees; `owner` ends it. Now and then, on a busy machine, it never
 * comes to its first page, and waiting does not help. So it is shown one with nothing in it before any of ours, and is started anew, once,
 * where it does not come to that.
 */
export async function launchWebkit(owner) {
  const page = createWebServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'));
  page.listen(0, '127.0.0.1');
  await once(page, 'listening');
  owner.after(() => page.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (page.address());
  const started = async () => {
    const session = await startWebkit(owner);
    await within('WebKit to come to a first page', session.get(`http://127.0.0.1:${port}/`), firstPageMs);
    return session;
  };
  const session = await started().catch((error) => {
    console.warn(`WebKit is started anew: ${error.message}`);
    return started();
  });
  return { open: (url) => open(session, url) };
}

async function startWebkit(owner) {
  const { driver, xvfbRun } = findWebkit();
  const port = await freePort();
  const env = await freshHome(owner);
  const program = startGuarded(owner, xvfbRun, ['-a', driver, `--port=${port}`], env);
  const server = `http://127.0.0.1:${port}`;
  await eventually(
    'the driver to answer',
    async () => {
      if (program.ended()) throw new Error(`the driver ended before it answered: ${program.said()}`);
      return fetch(`${server}/status`).then(
        (response) => response.ok,
        () => false,
      );
    },
    { timeoutMs: 20_000 },
  );
  const capabilities = { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { args: ['--automation'] } };
  const starting = new Builder().usingServer(server).withCapabilities(capabilities).build();
  const session = await within('WebKit to start', starting, 60_000);
  // One that hangs is ended with its driver.
  owner.after(() => within('WebKit to end', session.quit(), 20_000).catch(() => {}));
  await session.manage().setTimeouts({ script: answerMs });
  return session;
}

/** Opens the session's one page; to close it is to leave it. */
async function open(session, url) {
  await session.get(url);
  await session.executeScript(untilScript);
  const key = (name) => Key[name.replace(/^Arrow(.*)$/, 'ARROW_$1').toUpperCase()] ?? name;
  return {
    // WebDriver tells nobody of errors that a page does not catch.
    faults: [],
    async evaluate(body, argument) {
      const script = `const done = arguments[arguments.length - 1];
        Promise.resolve().then(() => (${body})(arguments[0])).then(
          (value) => done({ value }),
          (error) => done({ error: String(error?.stack ?? error) }),
        );`;
      const { value, error } = await session.executeAsyncScript(script, argument);
      if (error) throw new Error(`the page: ${error}`);
      return value;
    },
    keyDown: (name) => session.actions().keyDown(key(name)).perform(),
    keyUp: (name) => session.actions().keyUp(key(name)).perform(),
    close: () => session.get('about:blank'),
  };
}

/** A port that nobody listens on; the driver takes none of its own choice. */
async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((closed) => server.close(closed));
  return port;
}
