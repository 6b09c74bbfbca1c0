// What a page says of an environment in Python: its keyword arguments.

/** Where Pyodide comes from unless a page says otherwise. */
export const PYODIDE = 'https://cdn.jsdelivr.net/pyodide/v0.27.7/full/';

const text = { is: (value) => typeof value === 'string' && value !== '', expected: 'a text' };
const positive = (value) => typeof value === 'number' && Number.isFinite(value) && value > 0;

const known = {
  module: { ...text, expected: 'the address of a file of Python' },
  source: { ...text, expected: 'the text of a module of Python' },
  entry: { ...text, expected: 'the name of a class or function' },
  files: {
    is: (value) => Array.isArray(value) && value.every(text.is),
    expected: 'a list of addresses of files',
  },
  packages: {
    is: (value) => Array.isArray(value) && value.every(text.is),
    expected: 'a list of names of packages and addresses of wheels',
  },
  pyodide: { ...text, expected: 'the address of a folder' },
  kwargs: {
    is: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    expected: 'an object of keyword arguments',
  },
  max_episode_steps: { is: (value) => Number.isInteger(value) && value > 0, expected: 'a whole number from 1 on' },
  aspect: { is: positive, expected: 'the width of the picture over its height' },
};

const wrong = (message) => Object.assign(new Error(message), { code: 'bad_argument' });

/**
 * Checked, and with what is left out. Addresses are relative to `base`, the page's.
 *
 * @param {Record<string, any>} given
 * @param {string} base
 */
export function optionsOf(given, base) {
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));
  for (const [name, value] of Object.entries(said)) {
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!option) {
      const advice = 'arguments of the environment itself go into `kwargs`';
      throw wrong(`expected an argument among ${Object.keys(known).join(', ')}, found \`${name}\`; ${advice}`);
    }
    if (!option.is(value))
      throw wrong(`argument \`${name}\`: expected ${option.expected}, found ${JSON.stringify(value)}`);
  }
  if (said.module !== undefined && said.source !== undefined) throw wrong('expected `module` or `source`, found both');
  if (said.module === undefined && said.source === undefined && said.entry === undefined) {
    throw wrong('expected `module`, `source` or `entry`, which say what environment it is, found none');
  }
  const { pyodide = PYODIDE, packages = [], files = [], ...rest } = said;
  return { ...rest, packages, files, pyodide: folder(pyodide, base) };
}

function folder(address, base) {
  let found;
  try {
    found = new URL(address, base);
  } catch {
    throw wrong(`argument \`pyodide\`: expected the address of a folder, found ${JSON.stringify(address)}`);
  }
  if (!found.pathname.endsWith('/')) found.pathname += '/';
  return found.href;
}
