/**
 * What is recorded of an environment is over when a signal says so, which ends the Worker by itself. The signal may live much longer than
 * what was recorded.
 *
 * @param {AbortSignal | undefined} signal
 * @param {import('../saving.js').Saving} saving
 */
export function overOnAbort(signal, saving) {
  const over = () => saving.over();
  signal?.addEventListener('abort', over);
  saving.done.then(() => signal?.removeEventListener('abort', over));
}
