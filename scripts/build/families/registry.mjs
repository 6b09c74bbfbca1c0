// The registry in two files: what every page needs, and words for people, which a page asks for that shows them.
import { partName } from './split.mjs';

/** The entries as every page has them. */
export const forPages = (registry) =>
  registry.map(({ summary: _, part, ...entry }) => ({
    ...entry,
    ...(part && { part: partName(part) }),
    arguments: entry.arguments.map(({ summary: _, ...argument }) => argument),
  }));

/** By id, an environment's summary and those of its arguments, by name. */
export const descriptionsOf = (registry) =>
  Object.fromEntries(
    registry.map(({ id, summary, arguments: list }) => [
      id,
      { summary, arguments: Object.fromEntries(list.map(({ name, summary }) => [name, summary])) },
    ]),
  );
