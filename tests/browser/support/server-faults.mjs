import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';

/** A file of the site as it was built for tests. */
export const built = (path) => readFile(join(root, 'dist-test', path));

export const stall = () => new Promise(() => {});

/** The first half of a file, and then `end`. */
const half = async (path, end, headers = {}) => {
  const bytes = await built(path);
  return {
    headers,
    body: (async function* parts() {
      yield bytes.subarray(0, bytes.length / 2);
      await end();
    })(),
  };
};

const cut = () => {
  throw new Error('cut');
};

/**
 * What a server may do to a file: the answer in its place. `stalls`: it says nothing more, so that only a limit of time ends it.
 *
 * @typedef {{ what: string, stalls?: boolean, answer(path: string): Promise<import('../../../scripts/serve/serve.mjs').Answer> }} ServerFault
 *
 * @type {ServerFault[]}
 */
export const serverFaults = [
  { what: 'never comes', stalls: true, answer: stall },
  { what: 'stops coming', stalls: true, answer: (path) => half(path, stall) },
  {
    what: 'is cut off',
    answer: async (path) => half(path, cut, { 'content-length': String((await built(path)).length) }),
  },
  {
    what: 'is a page',
    answer: async () => ({
      body: '<!doctype html><title>Sign in</title>',
      headers: { 'content-type': 'text/html' },
    }),
  },
  { what: 'is missing', answer: async () => ({ status: 404, body: 'not here' }) },
  { what: 'is an error', answer: async () => ({ status: 500, body: 'later' }) },
  {
    what: 'ends too soon',
    answer: async (path) => {
      const bytes = await built(path);
      const most = Math.floor((bytes.length * 2) / 3);
      // A script that ends between two statements is one; this one ends where something has been opened.
      const opened = path.endsWith('.js') ? bytes.indexOf('{', most) : -1;
      return { body: bytes.subarray(0, opened < 0 ? most : opened + 1) };
    },
  },
  {
    what: 'ends too late',
    answer: async (path) => ({ body: Buffer.concat([await built(path), Buffer.from('\0}<garbage')]) }),
  },
];
