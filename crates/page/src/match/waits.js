// How long anything may take, in milliseconds. What the server limits has its own limit here as well, some seconds later: a server
// that falls silent leaves nobody waiting for ever.

export const waits = Object.freeze({
  /** For the socket to open. */
  open: 10_000,
  /** For the server to answer `hello`. */
  welcome: 10_000,
  /** Between two signs of life, before the socket counts as dead. */
  silence: 20_000,
  /** Between two pings. */
  ping: 5_000,
  /** For a lost connection to come back, before a match is played. Once it is played the match itself decides. */
  reconnect: 60_000,
  /** The first pause before connecting again, and the longest. */
  backOff: 250,
  longestBackOff: 5_000,
  /** Beyond what the server allows itself. */
  slack: 10_000,
  /** For what is said of the record after the end. */
  record: 35_000,
});

/** Names of deadlines, and when each is over. The nearest is what the shell is asked to ring for. */
export class Deadlines {
  /** @type {Map<string, number>} */
  #at = new Map();

  set(name, at) {
    this.#at.set(name, at);
  }

  clear(...names) {
    for (const name of names) this.#at.delete(name);
  }

  clearAll() {
    this.#at.clear();
  }

  has(name) {
    return this.#at.has(name);
  }

  /** The nearest; undefined where there is none. */
  get next() {
    return this.#at.size === 0 ? undefined : Math.min(...this.#at.values());
  }

  /** Takes out those that are over, the earliest first. */
  due(now) {
    const over = [...this.#at].filter(([, at]) => at <= now).sort((a, b) => a[1] - b[1]);
    for (const [name] of over) this.#at.delete(name);
    return over.map(([name]) => name);
  }
}
