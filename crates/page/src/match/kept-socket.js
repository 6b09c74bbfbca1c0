// The thin shell around a client of the control socket: one WebSocket, one timer. Whatever it asks for is done here, and nothing is
// decided.

/**
 * Keeps the socket of a client, which is pure: it says what is to be done at its beginning and at each event.
 *
 * @param {object} options
 * @param {string} options.address
 * @param {{ begin(now: number): any[], handle(now: number, event: any): any[] }} options.client
 * @param {(output: any) => void} options.perform does what is of no socket and no timer
 * @param {typeof WebSocket} [options.Socket]
 * @param {() => number} [options.now]
 * @returns {(event: { type: string, [field: string]: any }) => void} tells the client of an event
 */
export function keepSocket({ address, client, perform, Socket = WebSocket, now = () => performance.now() }) {
  /** @type {WebSocket | undefined} */
  let socket;
  let timer;
  let busy = false;
  const queue = [];

  function carryOut(outputs) {
    queue.push(...outputs);
    // What is told may lead to more, which comes after.
    if (busy) return;
    busy = true;
    try {
      for (let output; (output = queue.shift()); ) act(output);
    } finally {
      busy = false;
    }
  }

  function act(output) {
    switch (output.type) {
      case 'connect':
        return connect();
      case 'send':
        if (socket?.readyState === 1) socket.send(output.text);
        return;
      case 'close':
        return drop(output.code);
      case 'timer':
        clearTimeout(timer);
        if (output.at !== undefined) {
          timer = setTimeout(() => handle({ type: 'rang' }), Math.min(Math.max(output.at - now(), 0), 2 ** 30));
        }
        return;
      default:
        return perform(output);
    }
  }

  function connect() {
    drop(1000);
    let opened;
    try {
      opened = new Socket(address);
    } catch (error) {
      // A content policy, or an address that is none: the same as a connection that fails.
      const reason = String(error?.message ?? error);
      queueMicrotask(() => handle({ type: 'closed', code: 1006, reason }));
      return;
    }
    socket = opened;
    opened.onopen = () => handle({ type: 'open' });
    opened.onmessage = ({ data }) => handle({ type: 'text', data });
    opened.onclose = ({ code, reason }) => {
      if (socket === opened) drop();
      handle({ type: 'closed', code, reason });
    };
    opened.onerror = () => {}; // `close` follows, and says more.
  }

  /** @param {number} [code] */
  function drop(code) {
    const old = socket;
    socket = undefined;
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = old.onerror = null;
    if (code !== undefined) {
      try {
        old.close(code);
      } catch {
        // It is closed already.
      }
    }
  }

  function handle(event) {
    carryOut(client.handle(now(), event));
  }

  carryOut(client.begin(now()));
  return handle;
}
