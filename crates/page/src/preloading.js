// What an environment needs, loaded before anybody plays it.
import { Waiting } from './channel/module.js';
import { waitedFor } from './fetching.js';
import { address, fetchFile } from './files.js';
import { PalaestraError } from './page.js';

/**
 * Waits until the Worker's script is at hand and these modules are compiled: whoever makes an environment of them from now on finds them
 * done.
 *
 * @param {string} what the environment, as messages call it
 * @param {string[]} modules their paths
 * @param {{ loadTimeout?: unknown, signal?: unknown }} options as a page gave them
 */
export async function preloaded(what, modules, options) {
  const boot = address('worker/boot.js');
  const controller = new AbortController();
  const script = fetchFile(boot, controller.signal)
    .then((response) => response.arrayBuffer())
    .catch((error) => {
      throw new Error(`${boot}: ${error?.message ?? error}`);
    });
  const waiting = new Waiting(
    modules.map((path) => address(path)),
    true,
  );
  try {
    await waitedFor(`what \`${what}\` needs`, Promise.all([waiting.result, script]), options);
  } catch (error) {
    waiting.leave();
    controller.abort();
    if (error instanceof PalaestraError) throw error;
    throw new PalaestraError('load_failed', `palaestra: ${error?.message ?? error}`);
  }
}
