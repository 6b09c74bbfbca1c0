// The control socket of a page that watches.
import { keepSocket } from '../match/kept-socket.js';
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
  const perform = ({ event }) => tell(event);
  const handle = keepSocket({ address, client: new WatchClient(asked), perform });
  return () => handle({ type: 'leave' });
}
