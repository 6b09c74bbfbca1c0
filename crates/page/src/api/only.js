import { optionProblem } from '../options.js';
import { PalaestraError } from '../page.js';

/** Refuses options that nobody knows. */
export function only(place, options, known) {
  const problem = optionProblem(place, options, known);
  if (problem) throw new PalaestraError('bad_argument', problem);
}
