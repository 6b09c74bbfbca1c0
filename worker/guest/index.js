// What a Worker loads in place of its own module's script when its environment is in Python: worker/environment/boot.js imports it.
import { kwargsText, takePython } from './palaestra_guest.js';
import { loadGuest } from './loading.js';

export { initSync, start } from './palaestra_guest.js';

/**
 * Loads the environment that the page's first message asks for. Where that fails the page is told, which ends this Worker: then there is no
 * end of waiting here.
 *
 * @param {{ id: number, make: { envId: string, kwargs: Uint8Array } }} first
 * @param {{ base: string }} guest
 */
export async function loaded({ id, make: { envId, kwargs } }, { base }) {
  try {
    const text = kwargsText(kwargs);
    const tell = (progress) => self.postMessage({ envId, progress });
    takePython(await loadGuest({ envId, options: JSON.parse(text), text, base, tell }));
  } catch (error) {
    self.postMessage({ id, code: error?.code ?? 'guest_failed', error: String(error?.message ?? error) });
    await new Promise(() => {});
  }
}
