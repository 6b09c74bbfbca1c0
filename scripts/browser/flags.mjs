/**
 * How Chromium is started in tests: it talks to nobody but the page's own server, and runs as root in a container, where
 * its sandbox cannot.
 */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
