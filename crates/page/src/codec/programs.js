// What programs need of the codec, and pages that hear of every step: to write actions, and to read what steps returned. It is a script of
// its own, which comes with the part `make` of the page's module, or before a game with `onStep`: who only plays does without.
import { keepRequests, PalaestraError } from '../page.js';

/** @type {typeof import('./make.js')} */
let codec;

/** Takes it, before a program has an environment. */
export const takeCodec = (given) => {
  codec = given;
};

/** A reader of what an environment with this spec returns. */
export const returnsReader = (spec) => new codec.ReturnsReader(spec);

/** A writer of actions, for an environment with this spec. */
export const actionWriter = (spec) => new codec.ActionWriter(spec);

/** See `steps.js`. They end with the module. */
export function stepRequests(...given) {
  const requests = new codec.StepRequests(PalaestraError, .../** @type {[any, any, any, any]} */ (given));
  requests.ended = keepRequests(requests);
  return requests;
}

/** See `rows.js`. */
export const readMany = (reader, message) => codec.readMany(reader, message);
