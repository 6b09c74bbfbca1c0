// The models of a match: whose seats they have, and from where this page loads them.

/** Whether a policy of a seat is a model. */
const isModel = (policy) => policy?.onnx !== undefined;

/**
 * The models that a page has to load for a match: those of seats without a person, and where one takes the seat of somebody who leaves, that of
 * every person. Each has the address of this page's own option, where that names one, and is named in records by the match's.
 *
 * @param {any} matched the server's message
 * @param {{ seats?: Record<string, any>, match: { policy?: any } }} options those of `play`
 * @returns {{ seat: number, agent: string, policy: any }[]}
 */
export function modelsOf({ seats, policy: general, dropout, dropout_policy: takesOver }, { seats: named, match }) {
  const own = ({ seat, agent, kind }, { onnx }) => {
    const counted = `agent_${seat}`;
    // An agent that has this name itself is the one that is meant by it.
    const name = seats.some((other) => other.agent === counted) ? agent : counted;
    const ofSeat = kind === 'policy' ? [named?.[agent], named?.[name]] : [];
    // The page's own address of the lobby's general model says nothing of where another one lies.
    return [...ofSeat, onnx === general?.onnx && match.policy].find(isModel)?.onnx;
  };
  const policyOf = ({ kind, policy }) => (kind === 'policy' ? policy : dropout === 'continue' ? takesOver : undefined);
  return seats
    .map((info) => ({ info, policy: policyOf(info) }))
    .filter(({ policy }) => isModel(policy))
    .map(({ info, policy }) => ({
      seat: info.seat,
      agent: info.agent,
      policy: { ...policy, onnx: own(info, policy) ?? policy.onnx, named: policy.onnx, digest },
    }));
}

/**
 * The SHA-256 of a file, in hexadecimal digits.
 *
 * @param {ArrayBuffer} file
 */
export async function digest(file) {
  if (!globalThis.crypto?.subtle) {
    throw new Error('expected a page that came by https, or of this machine: elsewhere browsers have no SHA-256');
  }
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', file));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Passes events on in their order; those that need something first hold up what comes after them. */
export class InOrder {
  /** @type {Promise<void> | undefined} */
  #held;
  #pass;

  /** @param {(event: any) => void} pass */
  constructor(pass) {
    this.#pass = pass;
  }

  /**
   * @param {any} event
   * @param {Promise<unknown> | undefined} [needed] what has to be there before it
   * @returns {Promise<void> | undefined} settles when it has been passed on, where that is not at once
   */
  add(event, needed) {
    if (!needed && !this.#held) {
      this.#pass(event);
      return undefined;
    }
    const before = this.#held;
    const held = (async () => {
      await before;
      await needed;
      this.#pass(event);
    })().finally(() => {
      if (this.#held === held) this.#held = undefined;
    });
    this.#held = held;
    return held;
  }
}
