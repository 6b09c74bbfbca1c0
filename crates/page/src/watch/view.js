// The environment of a match that is watched, and its picture: a Worker, a painter, and an animation loop, given back when it is closed.
import { readHeard } from './heard.js';

/** How long the Worker may take to answer, in milliseconds. */
const ANSWER = 5_000;

/**
 * What stands in for a canvas that there is not.
 *
 * @type {any}
 */
const unseen = Object.freeze({ show() {}, paint() {}, free() {} });

/**
 * What the page's module has.
 *
 * @typedef {object} Page
 * @property {(path: string) => string} address of a file of ours
 * @property {(id: string, kwargs: unknown, options: object) => Promise<any>} makeEnv
 * @property {new (canvas: HTMLCanvasElement, aspect: number) => any} PainterHandle
 * @property {(requests: { reject(error: Error): void }) => () => void} keepRequests tells of the module's failure; gives what ends that
 * @property {new (code: string, message: string) => Error} PalaestraError
 */

export class View {
  #aborting = new AbortController();
  #env;
  #painter = unseen;
  #request;
  /** The artwork, while it is waited for. */
  #image;
  #duration;
  #closed = false;

  /**
   * Makes the environment, and a painter with its artwork; rejects where either does not come.
   *
   * @param {{ env: string, kwargs: object, canvas?: HTMLCanvasElement, duration: number, loadTimeout?: number }} options
   * @param {Page} page
   */
  async make({ env, kwargs, canvas, duration, loadTimeout }, { address, makeEnv, PainterHandle, PalaestraError }) {
    this.#duration = duration;
    const signal = this.#aborting.signal;
    this.#env = await makeEnv(env, kwargs, {
      signal,
      stepTimeout: ANSWER,
      sharedMemory: false,
      ...(loadTimeout && { loadTimeout }),
    });
    const { aspect, atlas } = this.#env.spec;
    if (!canvas || this.#closed) return;
    this.#painter = new PainterHandle(canvas, aspect);
    if (atlas) {
      const image = new Image();
      this.#image = image;
      // From another origin it comes with its leave, or the canvas could not be read any more.
      image.crossOrigin = 'anonymous';
      image.src = address(`art/${atlas.image}`);
      const decoded = await image.decode().then(
        () => true,
        () => false,
      );
      this.#image = undefined;
      if (this.#closed) return;
      if (!decoded) throw new PalaestraError('load_failed', `${image.src}: expected a picture, found none`);
      this.#painter.sprites(image, atlas.columns, atlas.rows);
    }
    const paint = () => {
      this.#request = requestAnimationFrame(paint);
      this.#painter.paint(performance.now());
    };
    if (!this.#closed) paint();
  }

  get spec() {
    return this.#env?.spec;
  }

  /**
   * Follows a match.
   *
   * @param {Uint8Array} head
   * @param {unknown} resetOptions
   * @param {(event: { type: string, [field: string]: any }) => void} tell
   */
  follow(head, resetOptions, tell) {
    const hears = (said) => {
      if (this.#closed) return;
      if (!(said instanceof Uint8Array)) return tell({ type: 'failed', error: said });
      const event = readHeard(said);
      if (!event) return;
      if (event.scene?.length > 0) {
        this.#painter.show(event.scene, performance.now(), this.#duration, event.type !== 'step');
      }
      tell(event);
    };
    return this.#env.watch(head, resetOptions, hears);
  }

  /** What a step returned, as an object. */
  returned({ returns, actions }) {
    const { score: _, ...row } = this.#env.returned(returns, actions);
    return row;
  }

  /** Ends the Worker; the last picture stays. */
  async close() {
    this.#closed = true;
    cancelAnimationFrame(this.#request);
    // A browser has every picture of an address wait for the request that is under way: this one is to end.
    if (this.#image) this.#image.src = '';
    try {
      this.#painter.paint(Number.POSITIVE_INFINITY);
      this.#painter.free();
    } catch {
      // The page's module has failed: the last picture stays as it is.
    }
    this.#painter = unseen;
    this.#aborting.abort();
    await this.#env?.close();
  }
}
