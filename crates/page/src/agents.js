// What agents are called where a page names them: in `seats`, in a rollout's `policies`.
import { meant } from './options.js';

const numbered = (count) => Array.from({ length: count }, (_, agent) => `agent_${agent}`);

/**
 * What an environment calls its agents with these keyword arguments. Where the registry has no names they are `agent_0`, `agent_1`, ….
 *
 * @param {any} entry of the registry
 * @param {any} kwargs
 * @param {number} count
 * @returns {string[]}
 */
export function agentNames(entry, kwargs, count) {
  const names = [...(entry?.agentNames ?? [])];
  entry?.agentKinds?.forEach((kind, index) => {
    const name = entry.agentsFrom[index];
    const usual = entry.arguments.find((argument) => argument.name === name)?.default;
    const like = (agent) => agent.startsWith(kind) && /^\d+$/.test(agent.slice(kind.length));
    const had = names.filter(like).length;
    const asked = had + (kwargs?.[name] ?? usual) - usual;
    // What no environment takes is refused by the environment.
    const wanted = Array.from({ length: asked >= 0 && asked <= count ? asked : 0 }, (_, number) => `${kind}${number}`);
    names.splice(names.findIndex(like), had, ...wanted);
  });
  return names.length === count ? names : numbered(count);
}

/**
 * `agent_0`, `agent_1`, … where an object by agent has no other names, so that it counts them.
 *
 * @param {string[]} said
 * @param {number} count
 */
export function countedIn(said, count) {
  const counted = numbered(count);
  return said.every((name) => counted.includes(name)) ? counted : undefined;
}

/**
 * The names by which an object by agent names them, in their order: `agent_0`, `agent_1`, … where it has no others; else the environment's
 * own. A text says what is wrong.
 *
 * @param {string} place
 * @param {any} chosen
 * @param {any} entry
 * @param {any} kwargs
 * @param {number} count
 * @returns {string[] | string}
 */
export function namesIn(place, chosen, entry, kwargs, count) {
  const said = Object.keys(chosen ?? {});
  const [counted, own] = [countedIn(said, count), agentNames(entry, kwargs, count)];
  if (counted) {
    const two = said.find((name) => own.indexOf(name) !== counted.indexOf(name));
    if (two !== undefined && said.every((name) => own.includes(name))) {
      const first = own[counted.indexOf(two)];
      console.warn(
        `palaestra: ${place}.${two} counts the agents and is ${first}. To mean another, name all of ${own.join(', ')}`,
      );
    }
    return counted;
  }
  const stranger = said.find((name) => !own.includes(name));
  if (stranger === undefined) return own;
  return `${place}: expected an agent among ${own.join(', ')}; found \`${stranger}\`${meant(stranger, own)}`;
}
