// What is recorded, brought out of the page: what the scripts that keep and pack it need of this one.
import { address, handedOver, verifier } from '../files.js';
import { part } from '../module-parts.js';
import { PalaestraError } from '../page.js';
import { runPacker } from '../record.js';
import { GameHandle, modulesThatReplay } from './guarded.js';

/** Saves a file of the participant's. */
export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  try {
    Object.assign(document.createElement('a'), { href: url, download: name }).click();
  } finally {
    // The browser takes what it needs when it handles the click.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

/** What `page/save.js` needs of this script. @type {any} */
export const context = {
  address,
  download,
  GameHandle,
  handedOver,
  modulesThatReplay,
  PalaestraError,
  part,
  runPacker,
  verifier,
};

/** What is recorded, as it is known outside the module, which may fail, and without the handle, which may be forgotten. */
export const recordingOf = (handle) => ({ about: handle.about(), chunks: handle.chunks });

/** A record's handle, as `RecordHandle`, where the module has failed: see `page/save.js`. */
export function rescued({ about, chunks }, error) {
  const pack = async () => (await part('save')).packRescued({ about, chunks }, error, context);
  return {
    reason: 'error',
    error,
    disposal: null,
    steps: chunks.steps,
    returns: [],
    about: () => about,
    pack,
    text: async () => new Response((await pack()).blob.stream().pipeThrough(new DecompressionStream('gzip'))).text(),
    free() {},
  };
}
