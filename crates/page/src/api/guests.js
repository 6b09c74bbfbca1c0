import { entries } from '../palaestra_registry.js';
import { address } from '../files.js';
import { part } from '../module-parts.js';
import { guests, PalaestraError } from '../page.js';

/** Whether it is an environment in Python: then `page/guest.js` is needed, which takes what it alone understands from the options. */
export const isGuest = (id) => String(id).startsWith('guest/');
const page = { address, entries, guests, PalaestraError };
export const invited = async (id, options, finished) =>
  (await part('guest', options)).invite(id, options, page, finished);
export const madeWith = async (id, options, begin) => (await part('guest', options)).makeWith(id, options, page, begin);
