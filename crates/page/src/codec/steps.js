// Steps that a program asks for one after another, from the call to the promise. The page's module has no part in them: each message that
// crossed into WebAssembly and back again took a fifth of the whole way to the Worker. It only ends them.
import {
  errorCodes,
  operations,
  replyBody,
  replyError,
  replyKind,
  replyNumber,
  replyOk,
  replyReturns,
  scriptRequests,
} from '../protocol.js';
import { textOf } from './source.js';

/** How often those that wait are looked at. */
const LOOK_MS = 100;

/**
 * How much waiting one look can count: after the machine slept, or a hidden page's timers did, the Worker deserves another moment before it
 * is called late.
 */
const MOST_WAITED_MS = 250;

/** The steps of one environment that its Worker has not answered yet. */
export class StepRequests {
  /** @type {{ id: number, left: number, seen: boolean, resolve: Function, reject: Function, env: { late(): void } }[]} oldest first */
  #waiting = [];
  #number = 0;
  #over = false;
  /** Hears that they have ended. */
  ended = () => {};
  #PalaestraError;
  #worker;
  #reader;
  #writer;
  #deadlineMs;
  #watch;

  /**
   * @param {typeof import('../page.js').PalaestraError} PalaestraError
   * @param {Worker} worker whose messages this hears before whoever listens now
   * @param {import('./returns.js').ReturnsReader} reader
   * @param {import('./actions.js').ActionWriter} writer
   * @param {number} deadlineMs how long a step may take
   */
  constructor(PalaestraError, worker, reader, writer, deadlineMs) {
    this.#PalaestraError = PalaestraError;
    this.#worker = worker;
    this.#reader = reader;
    this.#writer = writer;
    this.#deadlineMs = deadlineMs;
    let last = performance.now();
    this.#watch = setInterval(() => {
      const now = performance.now();
      this.#waited(Math.min(now - last, MOST_WAITED_MS));
      last = now;
    }, LOOK_MS);
    const { onmessage } = worker;
    worker.onmessage = (event) => {
      if (!this.#takes(event.data)) onmessage?.call(worker, event);
    };
  }

  /**
   * Asks for a step of the environment that this handle is of; gives its promise, or nothing where the action, or the environment's end, has to be looked at more closely. Until it is
   * settled this holds the handle: a page that awaits an answer need not.
   */
  step(action, env) {
    const writer = this.#writer;
    // Looked at afterwards: an action can have getters, and these may end the environment.
    if (!writer.holds(action) || this.#over) return undefined;
    this.#number = (this.#number + 1) % scriptRequests;
    const id = scriptRequests + this.#number;
    this.#worker.postMessage(writer.request(operations.step, id));
    // Made when the request is on its way: the Worker is at work meanwhile.
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, left: this.#deadlineMs, seen: false, resolve, reject, env });
    });
  }

  /** Counts milliseconds; tells the environment if one has waited for too long. Before its first look the time was in part not its own. */
  #waited(elapsedMs) {
    for (const request of this.#waiting) {
      if (request.seen) request.left -= elapsedMs;
      request.seen = true;
    }
    this.#waiting.find(({ left }) => left <= 0)?.env.late();
  }

  /** Rejects all, and takes no more; says how many they were. */
  reject(error) {
    this.#over = true;
    clearInterval(this.#watch);
    this.ended();
    const waiting = this.#waiting.splice(0);
    for (const { reject } of waiting) reject(error);
    return waiting.length;
  }

  /** Whether a message was the reply to one of these, and has been seen to. */
  #takes(data) {
    if (!(data instanceof ArrayBuffer) || data.byteLength < replyBody) return false;
    const view = new DataView(data);
    const [status, kind, id] = [view.getUint8(0), view.getUint8(replyKind), view.getUint32(replyNumber, true)];
    const index = this.#waiting.findIndex((request) => request.id === id);
    const request = this.#waiting[index];
    // What is no such reply is the Worker's failure: whoever listens says so, and ends all that wait.
    if (!request || (status !== replyError && (status !== replyOk || kind !== operations.step))) return false;
    this.#waiting.splice(index, 1);
    try {
      if (status === replyOk) request.resolve(this.#returned(view));
      else request.reject(this.#error(kind, new Uint8Array(data, replyBody)));
    } catch (error) {
      request.reject(new this.#PalaestraError('bad_message', `returns of the Worker: ${error?.message ?? error}`));
    }
    return true;
  }

  #returned(view) {
    const length = view.byteLength < replyReturns ? 0 : view.getUint32(replyBody, true);
    const left = view.byteLength - replyReturns;
    if (length !== left) throw new RangeError(`expected ${left} bytes, found a length of ${length}`);
    return this.#reader.step(new DataView(view.buffer, replyReturns, length));
  }

  #error(kind, message) {
    const code = Object.entries(errorCodes).find(([, number]) => number === kind)?.[0];
    if (!code) throw new RangeError(`expected the code of an error, found ${kind}`);
    return new this.#PalaestraError(code, textOf(message));
  }
}
