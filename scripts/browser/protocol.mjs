// Chromium's own protocol, for what playwright has no call for.

/** Runs `body` with a session of the browser's protocol that is attached to the page. */
export async function withProtocol(page, body) {
  const protocol = await page.context().newCDPSession(page);
  try {
    return await body(protocol);
  } finally {
    await protocol.detach().catch(() => {});
  }
}
