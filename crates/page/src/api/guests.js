import { entries } from '../palaestra_registry.js';
import { address } from '../files.js';
import { part } from '../module-parts.js';
import { guests, PalaestraError } from '../page.js';

/** Whether it is an environment in Python: then `page/guest.js` is needed, which takes what it alone understands from the options. */
export const isGuest = (id) => String(id).startsWith('guest/');
export const invited = async (id, options) =>
  (await part('guest', options)).invite(id, options, { address, entries, guests, PalaestraError });
