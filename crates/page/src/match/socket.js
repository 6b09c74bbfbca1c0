// The control socket of a page that plays: what `Control` asks for beside the socket.
import { Control } from './control.js';
import { keepSocket } from './kept-socket.js';

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
export function openControl({ address, hello, token, waitingTimeout, keep, forget, tell, Socket, now }) {
  const client = new Control(hello, { token, waitingTimeout });
  const perform = (output) => {
    switch (output.type) {
      case 'keep':
        return keep(output.participant, output.token);
      case 'forget':
        return forget();
      case 'tell':
        return tell(output.event);
    }
  };
  const handle = keepSocket({ address, client, perform, Socket, now });
  return { handle, phase: () => client.phase };
}
