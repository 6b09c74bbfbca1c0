// The registry in two files: what every page needs, and words for people, which a page asks for that shows them.
import { partName } from './split.mjs';

/** Where the words stand in the site. */
export const descriptionsFile = 'page/descriptions.json';

/** What only people read of an entry. */
const words = ['summary', 'familyTitle', 'appearances', 'manual', 'agentNames', 'actionSpaces', 'observationSpaces'];

/** Whether an environment has other names for its agents than their numbers. */
const named = ({ agentNames = [] }) => agentNames.some((name, agent) => name !== `agent_${agent}`);

/** The entries as every page has them. */
export const forPages = (registry) =>
  registry.map((whole) => {
    const {
      part,
      expert,
      art: _,
      agentKinds = [],
      ...entry
    } = Object.fromEntries(Object.entries(whole).filter(([name]) => !words.includes(name)));
    return {
      ...entry,
      ...(part && { part: partName(part) }),
      ...(expert && { expert: partName(expert) }),
      ...(named(whole) && { agentNames: whole.agentNames, agentKinds }),
      arguments: entry.arguments.map(({ summary: _, ...argument }) => argument),
    };
  });

/** By id, what games ask for that others do not, before their first picture or with it: see `preload`. */
export const preloadsOf = (registry) =>
  Object.fromEntries(
    registry.flatMap(({ id, art, actionSpaces = [] }) => {
      // A pointer plays what has such an action: see `Hands`.
      const pointer = actionSpaces.some((space) => space.startsWith('Box('));
      return art || pointer ? [[id, { ...(art && { art: `art/${art}` }), ...(pointer && { pointer }) }]] : [];
    }),
  );

/** By id, what people are told of an environment, and of its arguments by name. */
export const descriptionsOf = (registry) =>
  Object.fromEntries(
    registry.map(({ arguments: list, art: _, ...entry }) => [
      entry.id,
      {
        ...Object.fromEntries(words.filter((name) => name in entry).map((name) => [name, entry[name]])),
        arguments: Object.fromEntries(list.map(({ name, summary }) => [name, summary])),
      },
    ]),
  );
