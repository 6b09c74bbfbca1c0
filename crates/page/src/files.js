// Where the files of Palaestra are: beside the script that a page imports, at a place that the page names, or within that script.
import { guests } from './page.js';

/**
 * How a file is come by, by its path in the package, as 'worker/boot.js'.
 *
 * @typedef {object} Source
 * @property {(path: string) => string} address of a file that is somewhere
 * @property {Record<string, string>} held those that are within the script: text, or WebAssembly gzipped and in base64
 */

/** @type {Source} */
let source = { address: (path) => path, held: {} };

/** @param {Source} given */
export const takeFilesFrom = (given) => {
  source = given;
};

/** What the address of a held file begins with that is only read here. It is a name for messages: no browser is asked for it. */
const HELD = 'palaestra:';
/** Object URLs, each made once for all of a page's life: a Worker nested in another boots from the same one. */
const made = new Map();
const types = { js: 'text/javascript', svg: 'image/svg+xml' };
const endingOf = (path) => path.slice(path.lastIndexOf('.') + 1);

function objectUrl(key, text, type) {
  if (!made.has(key)) made.set(key, URL.createObjectURL(new Blob([text], { type })));
  return made.get(key);
}

/** The address of a file, and another one for each number of tries, where a browser goes on waiting for the one before. */
export function address(path, tries = 0) {
  const held = source.held[path];
  if (held !== undefined) {
    const type = types[endingOf(path)];
    return type === undefined ? HELD + path : objectUrl(path, held, type);
  }
  const found = source.address(path);
  if (tries === 0) return found;
  const url = new URL(found, location.href);
  // Any other address, as of a Blob, would no longer lead there.
  if (/^http/.test(url.protocol)) url.searchParams.set('try', String(tries));
  return url.href;
}

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
/** A module that is held, as it stands there: gzipped. */
const heldModule = (path) => new Blob([bytesOf(source.held[path])], { type: 'application/gzip' });
/** A small file that Vite has put into its bundle: some content policies forbid to fetch it. */
const WITHIN = /^data:[^,]*;base64,/;

/** Fetches a file that has such an address; rejects where there is none. */
export async function fetchFile(where, signal) {
  if (where.startsWith(HELD)) {
    const path = where.slice(HELD.length);
    if (endingOf(path) !== 'wasm') return new Response(source.held[path]);
    const module = heldModule(path).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(module, { headers: { 'content-type': 'application/wasm' } });
  }
  if (WITHIN.test(where)) return new Response(bytesOf(where.replace(WITHIN, '')));
  // One of ours, made above: it is there. A page's own, of a file that somebody chose, is fetched.
  if ([...made.values()].includes(where)) return new Response('');
  const response = await fetch(where, { signal });
  if (!response.ok) throw new Error(`expected status 200, found ${response.status}`);
  return response;
}

/** What a Worker that knows no source can load a module from: its address, or the module itself, gzipped. */
export const handedOver = (path) => (source.held[path] === undefined ? address(path) : heldModule(path));

/** What the packer makes the replay's Worker of: the address of the verifier's module, or its whole script, which has that within it. */
export const verifier = () =>
  source.held['verifier/boot.js'] === undefined
    ? { module: address('verifier/palaestra_verifier_bg.wasm') }
    : { script: source.held['verifier/boot.js'] };

/** Makes a Worker of a script with such an address. From another origin none may come: one that is made here imports it then. */
export function newWorker(where, name) {
  const url = new URL(where, location.href);
  // `location` has an origin in a sandboxed frame, too, but what counts there is that the frame has none.
  const own = url.origin === self.origin && url.protocol !== 'blob:';
  // What is made here is a classic script: Chromium takes no module from a page without an origin, as a file is.
  const importing = () => objectUrl(url.href, `importScripts(${JSON.stringify(url.href)});`, types.js);
  const script = own ? url.href : url.protocol === 'blob:' ? where : importing();
  const worker = new Worker(script, own ? { type: 'module', name } : { name });
  guests.introduce?.(worker, name);
  return worker;
}
