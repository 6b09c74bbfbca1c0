// Where the server's sockets are.

/**
 * The server as an address that ends with a slash: what the page says, or where the page itself comes from.
 *
 * @param {string | undefined} server
 * @param {string} page
 */
export function serverAddress(server, page) {
  const url = new URL(server ?? '/', page);
  if (!['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol)) {
    throw new TypeError(`match.server: expected an address of http or https, found ${url.protocol}`);
  }
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function socketAddress(url) {
  const address = new URL(url);
  address.protocol = { 'http:': 'ws:', 'https:': 'wss:' }[address.protocol] ?? address.protocol;
  return address;
}

/** The control socket's.
 * @param {URL} server */
export const lobbyAddress = (server) => socketAddress(new URL('lobby', server)).href;

/**
 * The play socket's: a path of the server, or an address of its own.
 *
 * @param {URL} server
 * @param {string} path
 * @param {string} ticket
 */
export function playAddress(server, path, ticket) {
  const address = socketAddress(new URL(path.replace(/^\/(?!\/)/, ''), server));
  if (!['ws:', 'wss:'].includes(address.protocol)) throw new TypeError('play_url: expected an address of a socket');
  address.searchParams.set('ticket', ticket);
  return address.href;
}
