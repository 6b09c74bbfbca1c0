// gloo-worker's loader: a file of the site instead of the Blob URL it would make, which it never revokes.
import init, { register } from './palaestra_verifier.js';

try {
  await init({ module_or_path: new URL('palaestra_verifier_bg.wasm', import.meta.url) });
  register();
} catch (error) {
  self.close();
  throw error;
}
