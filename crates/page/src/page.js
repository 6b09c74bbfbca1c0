// What the page's module asks of JavaScript and no Web API has.

export class PalaestraError extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'PalaestraError';
    this.code = code;
  }
}

/** Errors that the console has heard of. */
const told = new WeakSet();

/** The page's promises that the module has not settled yet, and its Workers: what has to be seen to where it fails. */
const promises = new Set();
const workers = new Set();
/** @type {PalaestraError | undefined} why the module has failed. After a panic nobody knows what of it is whole. */
let failure;

/** Tells the console of an error, once. */
export function tell(error) {
  if (told.has(error)) return;
  told.add(error);
  console.error(error);
}

/** A promise that is settled once, by the module or by its failure. */
export class Deferred {
  #resolve;
  #reject;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    promises.add(this);
  }

  resolve(value) {
    promises.delete(this);
    this.#resolve(value);
  }

  reject(error) {
    promises.delete(this);
    this.#reject(error);
  }
}

/** Requests that a script makes and settles are rejected where the module fails; gives what lets go of them. */
export function keepRequests(requests) {
  promises.add(requests);
  return () => promises.delete(requests);
}

/** Where a stroke goes, also inside of a page's own component: 2 into a field, 1 to what Space and Enter press. */
export function strokeAt(event) {
  const [inmost] = event.composedPath();
  const is = (selectors) => inmost.matches?.(selectors);
  return is('input,textarea,select,[contenteditable]') ? 2 : is('button,a,summary') ? 1 : 0;
}

/** A Worker lives: it ends with the module, unless it is let go of. */
export const keepWorker = (worker) => void workers.add(worker);
export const letGoOfWorker = (worker) => void workers.delete(worker);

/** Whether an error is the end of this module, and of all that was under way. */
export const isFailure = (error) => error !== undefined && error === failure;

/** The module's last word. What waits for it is told, and its Workers end: nothing else would end them. */
export function fail(reason) {
  if (failure) return;
  failure = new PalaestraError('panicked', `palaestra: the page's module has failed: ${reason}`);
  tell(failure);
  for (const worker of workers) worker.terminate();
  workers.clear();
  for (const promise of promises) promise.reject(failure);
}

/**
 * Calls of the module as a page may make them: one that fails throws a PalaestraError, as do all later ones. With `always` these
 * are tried all the same: what has been handed over may well be whole.
 *
 * @template {(...given: any[]) => any} Call
 * @param {Call} call
 * @param {boolean} [always]
 */
export function guarded(call, always = false) {
  /** @this {unknown} @param {Parameters<Call>} given @returns {ReturnType<Call>} */
  return function guardedCall(...given) {
    if (failure && !always) throw failure;
    try {
      return call.apply(this, given);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      fail(error.message);
      throw failure;
    }
  };
}

/** A value as it is now, whatever is done to it later. What cannot be copied is refused by whoever reads it. */
export const asItIs = (value) => {
  try {
    return structuredClone(value);
  } catch {
    return value;
  }
};

/** A seed that nobody chose: one that NumPy's global generator takes as well, by which some guests draw. */
export const freshSeed = () => crypto.getRandomValues(new Uint32Array(1))[0];

/** How long what is not needed at once is waited with. */
const FETCH_AFTER_MS = 2000;

/** @type {((name: string) => Promise<unknown>) | undefined} loads a part of the module; in tests the module is whole */
let loader;

/** What `loading.js` loads parts of the module with. */
export const setLoader = (load) => void (loader = load);

/** Waits for a part of the module, without which what is in it must not be called. */
export const partLoaded = async (name) => loader?.(name);

/** Loads one that will be needed, when the first pictures are through: whoever needs it hears what became of it. */
export const fetchPart = (name) => void setTimeout(() => partLoaded(name).catch(() => {}), FETCH_AFTER_MS);

/** A finite number as serde_json prints it: the digits are JavaScript's, where they stand is not. */
export function jsonNumber(value) {
  const size = Math.abs(value);
  if (size === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (size < 1e-5 || size >= 1e16) return value.toExponential();
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/**
 * Has a canvas keep its width. One that has none but that of its pixels grows with them, and where the screen has two pixels to one of the page's
 * it would double with every picture. Twice the pixels tell: whatever else decides about its width leaves it as it is.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function keepWidth(canvas) {
  const seen = canvas.clientWidth;
  const { width } = getComputedStyle(canvas);
  canvas.width *= 2;
  canvas.height *= 2;
  if (canvas.clientWidth !== seen) canvas.style.width = width;
}

/**
 * What pages with environments in Python do besides: `page/guest.js` fills it in.
 *
 * @type {{ paint?: (...given: any[]) => void, introduce?: (worker: Worker, name: string) => void }}
 */
export const guests = {};

/** Paints some rows of a picture. */
export const pixels = (...given) => guests.paint?.(...given);
