// Pages of a match that connect to each other: what they make for it, and which way their packets take.

/** Waits until packets to every partner of a page take a way. */
export const takesWay = (player, path, ms = 20_000) =>
  player.evaluate(
    ([path, ms]) =>
      window.until(
        () => `the way ${path}: ${JSON.stringify(window.game.match)}`,
        () => {
          if (window.game.state === 'disposed') throw new Error(`it is over: ${JSON.stringify(window.game.match)}`);
          return Object.values(window.game.match?.partners ?? {}).every((partner) => partner.path === path);
        },
        ms,
      ),
    [path, ms],
  );

/**
 * Has a page count what it makes to connect to others: `connections`, and what its Worker is given, by class. Without `transfers`
 * no channel can be given away. While `window.mute` says so nothing that this page passes on is sent.
 */
export function watchConnections({ transfers = true } = {}) {
  const page = window;
  page.connections = [];
  page.given = [];
  page.ports = [];
  page.closedPorts = 0;
  const { RTCPeerConnection: Connection, MessageChannel: Channel } = window;
  if (Connection) {
    page.RTCPeerConnection = class extends Connection {
      constructor(...given) {
        super(...given);
        page.connections.push(this);
      }
    };
    const send = RTCDataChannel.prototype.send;
    RTCDataChannel.prototype.send = function (data) {
      if (!page.mute) send.call(this, data);
    };
  }
  page.MessageChannel = class extends Channel {
    constructor() {
      super();
      page.ports.push(this.port1);
    }
  };
  const close = MessagePort.prototype.close;
  MessagePort.prototype.close = function () {
    if (page.ports.includes(this)) page.closedPorts += 1;
    close.call(this);
  };
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, transfer) {
    const channel = message?.channel;
    if (channel && !transfers && !(channel instanceof MessagePort)) throw new DOMException('no', 'DataCloneError');
    post.call(this, message, transfer);
    if (channel) page.given.push(channel.constructor.name);
  };
}

/** Strikes a key on a page now and then, until the page's game is over. */
export async function plays(player, keys) {
  for (let turn = 0; turn < 60; turn += 1) {
    const key = keys[turn % keys.length];
    await player.keyDown(key);
    const before = await player.evaluate(() => window.game.frameNumber);
    await player.evaluate(
      (before) =>
        window.until(
          'some steps',
          () => window.game.frameNumber > before + 3 || window.game.state !== 'playing',
          30_000,
        ),
      before,
    );
    await player.keyUp(key);
    if ((await player.evaluate(() => window.game.state)) !== 'playing') return;
  }
}
