// The registry in two files: what every page needs, and words for people, which a page asks for that shows them.
import { partName } from './split.mjs';

/** Where the words stand in the site. */
export const descriptionsFile = 'page/descriptions.json';

/** The entries as every page has them. */
export const forPages = (registry) =>
  registry.map(({ summary: _, familyTitle: __, appearances: ___, part, expert, ...entry }) => ({
    ...entry,
    ...(part && { part: partName(part) }),
    ...(expert && { expert: partName(expert) }),
    arguments: entry.arguments.map(({ summary: _, ...argument }) => argument),
  }));

/** By id, what people are told of an environment, and of its arguments by name. */
export const descriptionsOf = (registry) =>
  Object.fromEntries(
    registry.map(({ id, summary, familyTitle, appearances, arguments: list }) => [
      id,
      {
        summary,
        familyTitle,
        appearances,
        arguments: Object.fromEntries(list.map(({ name, summary }) => [name, summary])),
      },
    ]),
  );
