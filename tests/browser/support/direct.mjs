// Pages of a match that connect to each other: what they make for it, and which way their packets take.

/** Opens a page that counts what it makes to connect to others, with `watching` as that takes it, and begins a game there. */
export async function openWatched(browser, server, options, watching = {}) {
  const player = await browser.open(`${server.url}together.html`);
  await player.evaluate(watchConnections, watching);
  await player.evaluate(async (options) => {
    await window.within('the module', window.loading, 30_000);
    window.begin(options);
  }, options);
  return player;
}

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
 * no channel can be given away; with `iceTransportPolicy: 'relay'` others are reached by TURN servers only. While `window.mute` says so nothing that this page passes on is sent.
 */
export function watchConnections({ transfers = true, iceTransportPolicy = undefined } = {}) {
  const page = window;
  page.connections = [];
  page.given = [];
  page.ports = [];
  page.closedPorts = 0;
  const { RTCPeerConnection: Connection, MessageChannel: Channel } = window;
  if (Connection) {
    page.RTCPeerConnection = class extends Connection {
      constructor(given) {
        super(iceTransportPolicy ? { ...given, iceTransportPolicy } : given);
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
