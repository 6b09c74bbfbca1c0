import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { serverProtocol } from '../../../crates/page/src/protocol.js';

// The kinds of crates/protocol/src/server, as docs/server-protocol.md numbers them.
const toServer = { relay: 1, confirmed: 2, facts: 3, report: 4, askState: 5, ping: 6, pong: 7 };
const fromServer = { welcome: 64, relay: 65, acknowledged: 67, pong: 71, peer: 72 };
const connected = 1;

/**
 * A play socket's server that does no more than pass packets on and say that what was confirmed is stored: for tests of the Worker
 * alone. A Worker's ticket is the number of its seat. `stored[seat]` are the messages of confirmed frames.
 */
export async function openRelay(owner, seats) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  owner.after(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const sockets = new Map();
  const stored = Array.from({ length: seats }, () => []);
  const facts = [];
  const bits = () => [...sockets.keys()].reduce((set, seat) => set | (1 << seat), 0);
  const others = (seat, message) => {
    for (const [to, socket] of sockets) if (to !== seat) socket.send(message);
  };
  server.on('connection', (socket, request) => {
    const seat = Number(new URL(request.url, 'ws://relay').searchParams.get('ticket'));
    sockets.set(seat, socket);
    const welcome = Buffer.alloc(13);
    welcome.set([fromServer.welcome, serverProtocol, seat, seats]);
    welcome.writeUInt32LE(1, 4);
    // What this seat confirmed is stored through so many frames.
    welcome.writeUInt32LE(stored[seat].length > 0 ? framesOf(stored[seat].at(-1)) : 0, 8);
    welcome[12] = bits();
    socket.send(welcome);
    others(seat, Buffer.from([fromServer.peer, seat, connected]));
    socket.on('close', () => sockets.get(seat) === socket && sockets.delete(seat));
    socket.on('message', (message) => {
      const kind = message[0];
      if (kind === toServer.relay) {
        sockets.get(message[1])?.send(Buffer.concat([Buffer.from([fromServer.relay, seat]), message.subarray(2)]));
      } else if (kind === toServer.confirmed) {
        stored[seat].push(message);
        const acknowledged = Buffer.alloc(5);
        acknowledged[0] = fromServer.acknowledged;
        acknowledged.writeUInt32LE(framesOf(message), 1);
        socket.send(acknowledged);
      } else if (kind === toServer.facts) {
        facts[seat] = message.subarray(1).toString();
      } else if (kind === toServer.ping) {
        socket.send(Buffer.concat([Buffer.from([fromServer.pong]), message.subarray(1)]));
      }
    });
  });
  /** Breaks the connection of a seat without a word. */
  const cut = (seat) => sockets.get(seat)?.terminate();
  return { url: `ws://127.0.0.1:${server.address().port}/play?ticket=`, stored, facts, cut };
}

/** How many frames of the match lie before the end of a batch. */
export function framesOf(batch) {
  const length = batch.readUInt16LE(5);
  let frames = batch.readUInt32LE(1);
  for (let at = 7; at < batch.length; ) {
    if (batch[at] === 1) {
      frames += 1;
      at += 1 + length + 8;
    } else {
      // A reset with a seed and without options.
      at += 1 + 1 + 8 + 2 + 8;
    }
  }
  return frames;
}
