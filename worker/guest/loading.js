// Loads Pyodide, packages and the module of an environment in Python, and gives the function that asks it.
import { errorCodes, replyBody, replyError } from '../../crates/page/src/protocol.js';
import { addressOf, pathBeside } from './addresses.js';
import { files } from './files.js';
import { Output } from './output.js';
import { optionsOf } from './options.js';

/** Python's memory ends here, in bytes: what allocates without end has its MemoryError before it harms the participant's machine. */
const MOST_MEMORY = 1 << 30;
const PAGE = 1 << 16;
/** The most that is said of what Python raised: its end, where the reason stands. */
const MOST_TEXT = 8000;
/** What the page is told of the environment's code having failed, as the last question of `python.rs`. */
const FAIL = 6;

const coded = (code, message) => Object.assign(new Error(message), { code });

/** An error reply of crates/protocol to nobody's request, which is the Worker's last. */
function failure(text) {
  const words = new TextEncoder().encode(text);
  const reply = new Uint8Array(replyBody + words.length);
  reply.set([replyError, errorCodes.guest_failed]);
  reply.set(words, replyBody);
  return reply.buffer;
}

/** Tells of an exception in words: Python's own traceback, where there is one. */
export function wordsOf(error) {
  const text = String(error?.message ?? error).trim();
  return text.length > MOST_TEXT ? `… ${text.slice(-MOST_TEXT)}` : text;
}

/** What Python raises is the guest's. */
async function ofGuest(promise) {
  try {
    return await promise;
  } catch (error) {
    throw error?.code ? error : coded('guest_failed', wordsOf(error));
  }
}

async function ofFile(what, promise) {
  try {
    return await promise;
  } catch (error) {
    throw coded('load_failed', `${what}: ${wordsOf(error)}`);
  }
}

/** Loads Pyodide from a folder, with a memory that ends, and with the same hashes in every Worker, by which sets are ordered. */
async function pyodideFrom(folder, output) {
  const { loadPyodide } = await import(new URL('pyodide.mjs', folder).href);
  const { Memory } = WebAssembly;
  WebAssembly.Memory = /** @type {any} */ (
    function Bounded(of) {
      return new Memory({ ...of, maximum: Math.min(of.maximum ?? Infinity, MOST_MEMORY / PAGE) });
    }
  );
  try {
    const pyodide = await loadPyodide({ indexURL: folder, env: { PYTHONHASHSEED: '0' } });
    pyodide.setStdout({ write: (bytes) => output.write('log', bytes), isatty: false });
    pyodide.setStderr({ write: (bytes) => output.write('warn', bytes), isatty: false });
    return pyodide;
  } finally {
    WebAssembly.Memory = Memory;
  }
}

/** Whether a package is said by its address, and not by its name. */
const isAddress = (name) => name.endsWith('.whl') || name.includes('/');

/** Loads packages: wheels by their addresses, what the distribution has by name, all else with micropip. */
async function loadPackages(pyodide, { packages, source }, base, tell) {
  const messages = [];
  const callbacks = { messageCallback: () => {}, errorCallback: (text) => messages.push(text) };
  const load = (names) =>
    pyodide.loadPackage(names, callbacks).then((loadedNow) => {
      if (messages.length > 0) throw new Error(messages.join('; '));
      return loadedNow;
    });
  const known = pyodide.lockfile?.packages ?? pyodide._api?.lockfile_packages ?? {};
  const own = (name) => Object.hasOwn(known, name.toLowerCase());
  const others = packages.filter((name) => !isAddress(name) && !own(name));
  const list = ['numpy', ...packages.filter((name) => name !== 'numpy' && !others.includes(name))];
  const of = list.length + (others.length > 0 ? 1 : 0);
  for (const [done, name] of list.entries()) {
    tell({ phase: 'packages', done, of });
    await ofFile(`packages: ${name}`, load(isAddress(name) ? addressOf('packages', name, base).href : name));
  }
  if (source) {
    const load = pyodide.loadPackagesFromImports(source, { messageCallback: () => {} });
    await ofFile('packages', load);
  }
  if (others.length > 0) {
    tell({ phase: 'packages', done: of - 1, of });
    await ofFile('packages: micropip', load('micropip'));
    const micropip = pyodide.pyimport('micropip');
    await ofFile(`packages: ${others.join(', ')}`, micropip.install(pyodide.toPy(others)));
    micropip.destroy();
  }
}

/** A file of the page's. */
async function fetched(what, address) {
  const bytes = async () => {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`expected status 200, found ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  return ofFile(`${what}: ${address.href}`, bytes());
}

/**
 * The text of the page's module, by what name it is imported, and the files that lie beside it, by their paths.
 *
 * @param {any} said
 * @param {string} base
 */
async function moduleOf({ module, source, files }, base) {
  const address = module === undefined ? undefined : addressOf('module', module, base);
  const beside = await Promise.all(
    files.map(async (file) => {
      const own = addressOf('files', file, base);
      return [pathBeside(own, addressOf('module', '.', address ?? base)), await fetched('files', own)];
    }),
  );
  if (!address) return { source, name: source === undefined ? undefined : 'guest', beside };
  const stem = address.pathname.slice(address.pathname.lastIndexOf('/') + 1).replace(/\.py$/, '');
  const name = stem.replace(/\W/g, '_').replace(/^(?=\d)/, '_');
  return { source: new TextDecoder().decode(await fetched('module', address)), name, beside };
}

/** Writes files of Python where it looks for modules. */
function write(pyodide, { source, name, beside }) {
  const site = '/lib/palaestra_site';
  const own = Object.entries(files).map(([file, text]) => [`palaestra_guest/${file}`, text]);
  const module = source === undefined ? [] : [[`${name}.py`, source]];
  for (const [path, content] of [...own, ...beside, ...module]) {
    pyodide.FS.mkdirTree(`${site}/${path}`.replace(/\/[^/]*$/, ''));
    pyodide.FS.writeFile(`${site}/${path}`, content);
  }
  pyodide.runPython(`import sys; sys.path.insert(0, "${site}")`);
}

/**
 * Loads a guest; gives the function that asks it: of a question's number and bytes, it gives bytes. What Python raises from then on is told
 * to the page, whose Worker this is, and thrown.
 *
 * @param {object} of
 * @param {string} of.envId
 * @param {Record<string, unknown>} of.options the keyword arguments
 * @param {string} of.text the same as JSON, which has integers that a number of JavaScript has not
 * @param {string} of.base the page's address
 * @param {(progress: { phase: string, done: number, of: number }) => void} of.tell
 * @returns {Promise<(question: number, bytes: Uint8Array) => Uint8Array>}
 */
export async function loadGuest({ envId, options, text, base, tell }) {
  const { pyodide: folder, packages, files: others, ...said } = optionsOf(options, base);
  const own = moduleOf({ ...said, files: others }, base);
  own.catch(() => {}); // Told where it is waited for.
  tell({ phase: 'Pyodide', done: 0, of: 1 });
  const output = new Output();
  const pyodide = await ofFile(`pyodide: ${folder}`, pyodideFrom(folder, output));
  const module = await own;
  await loadPackages(pyodide, { packages, source: module.source }, base, tell);
  tell({ phase: 'module', done: 0, of: 1 });
  const python = await ofGuest(
    (async () => {
      write(pyodide, module);
      pyodide.pyimport('palaestra_guest.missing').fill();
      const guest = pyodide.pyimport('palaestra_guest.guest');
      guest.begin(envId, JSON.stringify({ ...said, module_name: module.name }), text).destroy();
      return guest;
    })(),
  );
  tell({ phase: 'module', done: 1, of: 1 });
  const pythonsAsk = python.ask;
  return (question, bytes) => {
    try {
      if (question === FAIL) throw new Error(new TextDecoder().decode(bytes));
      const answer = pythonsAsk(question, bytes);
      try {
        return answer.toJs();
      } finally {
        answer.destroy();
      }
    } catch (error) {
      const text = wordsOf(error);
      self.postMessage(failure(text));
      throw new Error(text);
    }
  };
}
