// A data channel's way into the Worker, where the game is: packets do not pass through a page that is busy.

/** The longest packet that a page passes on, and how much may wait to be sent: an old packet helps nobody. */
const LONGEST = 64 * 1024;
const MOST_WAITING = 64 * 1024;

/**
 * Gives the Worker a channel to the browser of a seat: the channel itself, which must have been made in this very task, or with
 * `passedOn`, and where the browser does not give it away, a port by which this page passes on whatever comes.
 *
 * @param {Worker} worker
 * @param {number} seat
 * @param {RTCDataChannel} channel
 * @param {boolean} passedOn
 * @returns {() => void} lets go of what this page keeps for it
 */
export function giveChannel(worker, seat, channel, passedOn) {
  if (!passedOn) {
    try {
      // A channel can be given away in Chromium, Safari and later Firefoxes; TypeScript does not know it yet.
      worker.postMessage({ seat, channel }, [/** @type {any} */ (channel)]);
      return () => worker.postMessage({ seat, channel: null });
    } catch {
      // Not in this browser.
    }
  }
  const { port1: own, port2: port } = new MessageChannel();
  const letGo = passOn(channel, own);
  worker.postMessage({ seat, channel: port }, [port]);
  return letGo;
}

/**
 * Passes packets on between a channel and a port, both ways. When the channel is closed the port says `null`.
 *
 * @param {RTCDataChannel} channel
 * @param {MessagePort} port
 * @returns {() => void} stops, and closes both
 */
export function passOn(channel, port) {
  channel.binaryType = 'arraybuffer';
  channel.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer && data.byteLength <= LONGEST) port.postMessage(data, [data]);
  };
  channel.onclose = () => port.postMessage(null);
  port.onmessage = ({ data }) => {
    if (channel.readyState !== 'open' || channel.bufferedAmount > MOST_WAITING) return;
    try {
      channel.send(data);
    } catch {
      // It closes just now: the packet is lost.
    }
  };
  return () => {
    channel.onmessage = channel.onclose = port.onmessage = null;
    port.postMessage(null);
    port.close();
    channel.close();
  };
}
