// Types of the scripts that have everything within them: those of palaestra.js. From a script tag it is known as `palaestra`.
export * from './palaestra.js';
export as namespace palaestra;
