// What an environment needs, loaded before anybody plays it: the script `page/preload.js` of the site, which only pages load that ask for it.
import { preloads } from '../palaestra_preloads.js';

/**
 * Pictures that have come, by address: as long as a document has one, it asks for that address no more. With the leave of another origin, as
 * games ask for them.
 *
 * @type {Map<string, HTMLImageElement>}
 */
const pictures = new Map();

/** Waits until a picture is decoded. */
async function picture(address, signal) {
  if (pictures.has(address)) return;
  const image = new Image();
  image.crossOrigin = 'anonymous';
  image.src = address;
  signal.addEventListener('abort', () => {
    // The request ends, for which else every picture of this address would wait.
    if (!pictures.has(address)) image.src = '';
  });
  await image.decode().catch(() => {
    throw new Error(`${address}: expected a picture, found none`);
  });
  pictures.set(address, image);
}

/**
 * Waits until the Worker's script is at hand, these modules and those parts that options need are compiled, and the picture is decoded:
 * whoever plays from now on finds them done.
 *
 * @param {string} id
 * @param {string[]} modules their paths, the family's first
 * @param {{ loadTimeout?: unknown, signal?: unknown }} options as a page gave them
 * @param {any} page what belongs to the page's own script
 */
export async function preloaded(
  id,
  modules,
  options,
  { Waiting, waitedFor, address, fetchFile, part, PalaestraError },
) {
  const { art, pointer } = preloads[id] ?? {};
  const boot = address('worker/boot.js');
  const controller = new AbortController();
  const script = fetchFile(boot, controller.signal)
    .then((response) => response.arrayBuffer())
    .catch((error) => {
      throw new Error(`${boot}: ${error?.message ?? error}`);
    });
  // Which options a game will have nobody knows yet.
  const wanted = new Set([...modules, modules[0].replace(/_bg\.wasm$/, '_options.wasm')]);
  const waiting = new Waiting(
    [...wanted].map((path) => address(path)),
    true,
  );
  const all = [waiting.result, script, part('options', options)];
  // Whoever has a keyboard does without.
  if (pointer || matchMedia('(pointer: coarse)').matches) all.push(part('hands', options).catch(() => {}));
  if (art) all.push(picture(address(art), controller.signal));
  try {
    await waitedFor(`what \`${id}\` needs`, Promise.all(all), options);
  } catch (error) {
    waiting.leave();
    controller.abort();
    if (error instanceof PalaestraError) throw error;
    throw new PalaestraError('load_failed', `palaestra: ${error?.message ?? error}`);
  }
}
