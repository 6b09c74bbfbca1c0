// The site of an environment as it is being written: what `palaestra serve` sends beside the files.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const script = readFileSync(new URL('live.js', import.meta.url), 'utf8');
const keepAliveMs = 15_000;

/** The page while nothing has been built yet. */
const waiting = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>palaestra serve</title>
<body style="font: 16px/1.5 system-ui, sans-serif; margin: 3rem">
<div id="palaestra-waiting"><h1>Building</h1><p>The environment is being compiled. This page loads again as soon as it is there.</p></div>
</body></html>
`;

/** The state of the build, told to every page that listens. */
export class Live {
  #site;
  #state = { status: 'building', build: '', text: '' };
  #listeners = new Set();
  /** Tells builds apart, also those of an earlier run of the command, whose pages may still be open. */
  #run = Date.now().toString(36);
  #builds = 0;

  /** @param {string} site the folder of the last good build, which need not be there yet */
  constructor(site) {
    this.#site = site;
  }

  /** How many pages listen. */
  get pages() {
    return this.#listeners.size;
  }

  building(text) {
    this.#tell({ ...this.#state, status: 'building', text });
  }

  failed(text) {
    this.#tell({ ...this.#state, status: 'failed', text });
  }

  ready() {
    this.#builds += 1;
    this.#tell({ status: 'ready', build: `${this.#run}-${this.#builds}`, text: '' });
  }

  #tell(state) {
    this.#state = state;
    for (const wake of this.#listeners) wake();
  }

  /** Answers for the paths that are no files of the site, and for its pages, which get a script more. */
  answer = async (path) => {
    if (path === '/@palaestra/live.js')
      return { headers: { 'content-type': 'text/javascript; charset=utf-8' }, body: script };
    if (path === '/@palaestra/events')
      return { headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body: this.#events() };
    const file = path.endsWith('/') ? `${path}index.html` : path;
    if (!file.endsWith('.html') || /(^|\/)\./.test(file)) return undefined;
    // Read before the file is: a page that was built in between loads again once too often, and never once too seldom.
    const { build } = this.#state;
    const page = build ? await readFile(join(this.#site, file), 'utf8').catch(() => undefined) : waiting;
    if (page === undefined) return undefined;
    const tag = `<script type="module" src="/@palaestra/live.js?build=${build}"></script>\n`;
    const body = page.replace(/(?=<\/body>)/, () => tag);
    return { headers: { 'content-type': 'text/html; charset=utf-8' }, body };
  };

  async *#events() {
    let wake = () => {};
    const listener = () => wake();
    this.#listeners.add(listener);
    try {
      for (let told; ; ) {
        const state = this.#state;
        yield Buffer.from(state === told ? ': still here\n\n' : `event: state\ndata: ${JSON.stringify(state)}\n\n`);
        told = state;
        await new Promise((done) => {
          const timer = setTimeout(done, keepAliveMs);
          wake = () => {
            clearTimeout(timer);
            done(undefined);
          };
          if (this.#state !== told) wake();
        });
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }
}
