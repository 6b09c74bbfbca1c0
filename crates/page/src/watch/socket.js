// The thin shell around `WatchClient`: one WebSocket, one timer. Whatever it asks for is done here, and nothing is decided.
import { WatchClient } from './client.js';

/**
 * Opens the control socket and keeps it.
 *
 * @param {string} address
 * @param {{ match: string, lobby?: string, token?: string }} asked
 * @param {(event: { type: string, [field: string]: any }) => void} tell
 * @returns {() => void} ends it; after that nothing is told
 */
export function openWatchClient(address, asked, tell) {
  const client = new WatchClient(asked);
  const now = () => performance.now();
  /** @type {WebSocket | undefined} */
  let socket;
  let timer;

  /** @param {import('./client.js').WatchOutput[]} outputs */
  function carryOut(outputs) {
    for (const output of outputs) {
      switch (output.type) {
        case 'connect':
          connect();
          break;
        case 'send':
          if (socket?.readyState === 1) socket.send(output.text);
          break;
        case 'close':
          drop(output.code);
          break;
        case 'timer':
          clearTimeout(timer);
          if (output.at !== undefined)
            timer = setTimeout(() => handle({ type: 'rang' }), Math.max(output.at - now(), 0));
          break;
        case 'tell':
          tell(output.event);
          break;
      }
    }
  }

  function connect() {
    drop(1000);
    let opened;
    try {
      opened = new WebSocket(address);
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
  }

  /** @param {number} [code] */
  function drop(code) {
    const old = socket;
    socket = undefined;
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    if (code !== undefined) old.close(code);
  }

  /** @param {import('./client.js').WatchEvent} event */
  function handle(event) {
    carryOut(client.handle(now(), event));
  }

  carryOut(client.begin(now()));
  return () => handle({ type: 'leave' });
}
