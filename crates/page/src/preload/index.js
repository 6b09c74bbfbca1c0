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

/** Who plays by a model, and who by what an environment knows: seats, and the policy of a match. */
const isModel = (policy) => typeof policy?.onnx === 'string';
const isExpert = (policy) => policy === 'expert' || Boolean(policy?.expert);

/** Whether a game with these options will load what fingers, pointers and controllers play with: as `Hands` asks. */
function needsHands({ touchControls, pointer = true, gamepad = true }, playsByPointer) {
  if (touchControls ?? matchMedia('(pointer: coarse)').matches) return true;
  if (pointer && playsByPointer) return true;
  try {
    return gamepad && [...(navigator.getGamepads?.() ?? [])].some(Boolean);
  } catch {
    return false; // A frame that may not have controllers.
  }
}

/**
 * Waits until the Worker's script is at hand, the modules and the parts that these options need are compiled, scripts and models have come, and
 * the picture is decoded: whoever plays with them from now on finds that done.
 *
 * @param {string} id
 * @param {any} options as a page gave them: `preload`'s own, and those of `play`
 * @param {any} page what belongs to the page's own script
 */
export async function preloaded(id, options, page) {
  const { Waiting, kept, waitedFor, address, fetchFile, part, PalaestraError } = page;
  // A canvas need not be there yet, or free.
  const { make, signal: _, canvas: _canvas, ...played } = options ?? {};
  const policies = [...Object.values(played.seats ?? {}), played.match?.policy];
  const modules = page.filesOf(options, { ...played, env: id }, policies.some(isExpert));
  if (played.env !== undefined && played.env !== id) {
    throw new PalaestraError('bad_argument', `preload: expected env to be \`${id}\`, found \`${played.env}\``);
  }
  // What `play` reads outside of the module.
  new page.Hands(played);
  new page.Saving(played.save);

  const controller = new AbortController();
  const fetched = (where) =>
    fetchFile(where, controller.signal)
      .then((response) => response.arrayBuffer())
      .catch((error) => {
        throw new Error(`${where}: ${error?.message ?? error}`);
      });
  const own = async (where) => {
    if (!kept.has(where)) kept.set(where, await fetched(where));
  };
  const { art, pointer } = preloads[id] ?? {};
  // Which options a game will have nobody may know yet.
  const compiled = new Set([...modules, modules[0].replace(/_bg\.wasm$/, '_options.wasm')]);
  const names = [make && 'make', played.controls && 'controls', played.match && 'match'].filter(Boolean);
  const models = policies.filter(isModel);
  const scripts = ['worker/boot.js'];
  if (models.length > 0) {
    names.push('policy');
    compiled.add('policy/palaestra_policy_module_bg.wasm');
    scripts.push('policy/seat.js');
  }
  const addresses = (paths) => [...paths].map((path) => address(path));
  const files = models.flatMap(({ onnx, manifest }) => [onnx, manifest]).filter((file) => typeof file === 'string');
  const waiting = new Waiting(addresses(compiled), true);
  const all = [waiting.result, ...addresses(scripts).map(fetched), ...files.map(own)];
  all.push(...names.map((name) => part(name, options)));
  // Whoever has a keyboard does without, a record is kept as soon as what keeps it has come, and its file is made at the end.
  const besides = [needsHands(played, pointer) && 'hands', !make && played.save !== false && 'save', !make && 'record'];
  all.push(...besides.filter(Boolean).map((name) => part(name, options).catch(() => {})));
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
