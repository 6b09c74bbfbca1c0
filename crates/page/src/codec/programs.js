// What only programs need of the codec: to write their actions, and to read what many steps returned. It is a script of its own, which
// comes with the part `make` of the page's module: who plays does without.

/** @type {typeof import('./make.js')} */
let codec;

/** Takes it, before a program has an environment. */
export const takeCodec = (given) => {
  codec = given;
};

/** A writer of actions, for an environment with this spec. */
export const actionWriter = (spec) => new codec.ActionWriter(spec);

/** See `rows.js`. */
export const readMany = (reader, message) => codec.readMany(reader, message);
