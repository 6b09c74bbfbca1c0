// Steps that a program asks for one after another, from the call to the promise. The page's module has no part in them: each message that
// crossed into WebAssembly and back again took a fifth of the whole way to the Worker. It only says when they have waited for too long, or end.
import { operations, replyBody, scriptRequests } from '../protocol.js';

/** A reply's first byte, of one that is no error. */
const OK = 0;

/** Where what a step returned begins, and before it how many bytes it has. */
const returnsAt = replyBody + 4;

/** The steps of one environment that its Worker has not answered yet. */
export class StepRequests {
  /** @type {{ id: number, left: number, resolve: Function, reject: Function, env: object }[]} oldest first */
  #waiting = [];
  #number = 0;
  #ended = false;
  #worker;
  #reader;
  #writer;
  #deadlineMs;
  #adopt;

  /**
   * @param {Worker} worker whose messages this hears before whoever listens now
   * @param {import('./returns.js').ReturnsReader} reader
   * @param {import('./actions.js').ActionWriter} writer
   * @param {number} deadlineMs how long a step may take
   * @param {(id: number, request: object) => void} adopt takes a request over whose reply is no plain one, before it is heard by whoever listens now
   */
  constructor(worker, reader, writer, deadlineMs, adopt) {
    this.#worker = worker;
    this.#reader = reader;
    this.#writer = writer;
    this.#deadlineMs = deadlineMs;
    this.#adopt = adopt;
    const { onmessage } = worker;
    worker.onmessage = (event) => {
      if (!this.#takes(event.data)) onmessage?.call(worker, event);
    };
  }

  /**
   * Asks for a step; gives its promise, or nothing where the action, or the environment's end, has to be looked at more closely. Until it is
   * settled this holds `env`: a page that awaits an answer need not.
   */
  step(action, env) {
    const writer = this.#writer;
    // Looked at afterwards: an action can have getters, and these may end the environment.
    if (!writer.holds(action) || this.#ended) return undefined;
    this.#number = (this.#number + 1) % scriptRequests;
    const id = scriptRequests + this.#number;
    this.#worker.postMessage(writer.request(operations.step, id));
    // Made when the request is on its way: the Worker is at work meanwhile.
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, left: this.#deadlineMs, resolve, reject, env });
    });
  }

  /** Counts milliseconds; says whether one has waited for too long. */
  wait(elapsedMs) {
    for (const request of this.#waiting) request.left -= elapsedMs;
    return this.#waiting.some(({ left }) => left <= 0);
  }

  /** Rejects all, and takes no more; says how many they were. */
  reject(error) {
    this.#ended = true;
    const waiting = this.#waiting.splice(0);
    for (const { reject } of waiting) reject(error);
    return waiting.length;
  }

  /** Whether a message was the reply to one of these, and has been seen to. */
  #takes(data) {
    if (!(data instanceof ArrayBuffer) || data.byteLength < returnsAt) return false;
    const view = new DataView(data);
    const id = view.getUint32(4, true);
    const index = this.#waiting.findIndex((request) => request.id === id);
    const request = this.#waiting[index];
    if (!request) return false;
    this.#waiting.splice(index, 1);
    const length = view.getUint32(replyBody, true);
    const plain = view.getUint8(0) === OK && view.getUint8(1) === operations.step;
    if (plain && returnsAt + length === data.byteLength) {
      try {
        request.resolve(this.#reader.step(new DataView(data, returnsAt, length)));
        return true;
      } catch {
        // Whoever takes it over reads it again, and says what is wrong.
      }
    }
    this.#adopt(id, request);
    return false;
  }
}
