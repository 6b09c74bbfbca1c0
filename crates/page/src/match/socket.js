// The thin shell around `Control`: one WebSocket, one timer. Whatever it asks for is done here, and nothing is decided.
import { Control } from './control.js';

/**
 * Opens the control socket and keeps it.
 *
 * @param {object} options
 * @param {string} options.address
 * @param {object} options.hello
 * @param {string | undefined} options.token
 * @param {number | undefined} options.waitingTimeout
 * @param {(participant: string, token: string) => void} options.keep
 * @param {() => void} options.forget
 * @param {(event: { type: string, [field: string]: any }) => void} options.tell hears what becomes of it; after `over` nothing
 * @param {typeof WebSocket} [options.Socket]
 * @param {() => number} [options.now]
 */
export function openControl({ address, hello, token, waitingTimeout, keep, forget, tell, Socket = WebSocket, now }) {
  const clock = now ?? (() => performance.now());
  const control = new Control(hello, { token, waitingTimeout });
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
      for (let output; (output = queue.shift()); ) perform(output);
    } finally {
      busy = false;
    }
  }

  function perform(output) {
    switch (output.type) {
      case 'connect':
        return connect();
      case 'send':
        if (socket?.readyState === 1) socket.send(output.text);
        return;
      case 'close':
        return drop(output.code);
      case 'keep':
        return keep(output.participant, output.token);
      case 'forget':
        return forget();
      case 'timer':
        clearTimeout(timer);
        if (output.at !== undefined) {
          timer = setTimeout(() => handle({ type: 'rang' }), Math.min(Math.max(output.at - clock(), 0), 2 ** 30));
        }
        return;
      case 'tell':
        return tell(output.event);
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

  /** @param {import('./connection.js').ControlEvent} event */
  function handle(event) {
    carryOut(control.handle(clock(), event));
  }

  carryOut(control.begin(clock()));
  return { handle, phase: () => control.phase };
}
