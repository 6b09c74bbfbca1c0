/**
 * What is recorded of an environment is over when a signal says so, which ends the Worker by itself. The signal may live much longer than
 * what was recorded.
 *
 * @param {AbortSignal | undefined} signal
 * @param {import('../saving.js').Saving} saving
 */
export function overOnAbort(signal, saving) {
  const closed = () => saving.closed();
  signal?.addEventListener('abort', closed);
  saving.done.then(() => signal?.removeEventListener('abort', closed));
}
