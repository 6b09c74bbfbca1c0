import { PlainError } from '../lib/main.mjs';
import { suites } from './index.mjs';

/** Which suites to run, and the filter for those that can be filtered. */
export function choose(words) {
  const names = suites.map((suite) => suite.name);
  const named = suites.filter((suite) => words.includes(suite.name));
  const filters = words.filter((word) => !names.includes(word));
  if (filters.length > 1) {
    throw new PlainError(
      'test',
      `one filter at most, not "${filters.join('", "')}"; the suites are ${names.join(', ')}`,
    );
  }
  const [filter] = filters;
  const unfiltered = named.find((suite) => !suite.filterable);
  // Else it would not be run, and nobody would hear of it.
  if (filter && unfiltered)
    throw new PlainError(
      'test',
      `"${filter}" is no suite and would be a filter, which ${unfiltered.name} does not take; the suites are ${names.join(', ')}`,
    );
  const chosen = named.length > 0 ? named : suites.filter((suite) => !suite.onRequest);
  return { filter, chosen: filter ? chosen.filter((suite) => suite.filterable) : chosen };
}
