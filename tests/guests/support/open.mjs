import { join } from 'node:path';
import { openTestSite } from '../../browser/support/pages.mjs';
import { root } from '../../../scripts/lib/paths.mjs';
import { pyodideDistribution } from '../../../scripts/setup/guests.mjs';

const own = join(root, 'tests/guests/worlds');

/** Serves the site with Pyodide's distribution, wheels and the worlds of these tests beside it. */
export async function openGuestSite(owner, options = {}) {
  const { value: pyodide } = (await pyodideDistribution.check()) ?? {};
  if (!pyodide) throw new Error('no Pyodide is in the cache: "npm test -- guests" puts it there');
  const beside = { '/pyodide/': pyodide, '/worlds/': own, '/': join(root, 'tests/browser/pages') };
  return openTestSite(owner, { beside, ...options });
}

const wheel = (name) => `pyodide/wheels/${name}-py3-none-any.whl`;
const gymnasium = ['cloudpickle-3.1.3', 'farama_notifications-0.0.6', 'typing_extensions-4.16.0', 'gymnasium-1.4.0'];

/** The keyword arguments of a guest here; `packages` besides Gymnasium. */
export const guest = (options, packages = []) => ({
  pyodide: 'pyodide/',
  packages: [...gymnasium, ...packages].map(wheel),
  ...options,
});

export const PETTINGZOO = 'pettingzoo-1.27.0';
export const COGRID = 'cogrid-0.3.2';
export const MUG = 'multi_user_gymnasium-0.1.3';
