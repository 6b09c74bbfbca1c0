// Waiting, on the page (every page that these tools open has `window.until` and `window.within`) and outside of it. Neither
// function may use anything from around it: their text goes to the pages.

/**
 * Asks again and again until `condition` gives something true, and gives that; rejects after `ms` milliseconds, naming `what` was
 * waited for. `what` may be a function, which then tells how things stand at that moment.
 */
export async function until(what, condition, ms = 20_000, everyMs = 5) {
  const deadline = performance.now() + ms;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (performance.now() >= deadline) {
      throw new Error(`waited ${ms} ms in vain for ${typeof what === 'function' ? what() : what}`);
    }
    await new Promise((later) => setTimeout(later, everyMs));
  }
}

/** What becomes of a promise, or after `ms` milliseconds an error that names `what` was waited for. */
export async function within(what, promise, ms = 20_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain for ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `until` for tests that ask a browser or a server, which is not done every few milliseconds. */
export const eventually = (what, question, { timeoutMs = 5000, everyMs = 50 } = {}) =>
  until(what, question, timeoutMs, everyMs);

/** What makes both known to a page. */
export const untilScript = `window.until = ${until}; window.within = ${within};`;
