// What the page calls things.

/** The registry with its words: `summary` of each environment, and of each of its arguments. */
export const described = (registry, words) =>
  new Map(
    Array.from(registry, ([id, entry]) => {
      const own = words.get(id);
      const list = entry.arguments.map((argument) => ({ ...argument, summary: own?.arguments[argument.name] ?? '' }));
      const { summary = '', familyTitle = entry.family, appearances = [] } = own ?? {};
      return [id, { ...entry, summary, familyTitle, appearances, arguments: list }];
    }),
  );

/** The first sentence of a summary. */
export const firstSentence = (text) => /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;

/** What an agent looks like to people. */
export const agentName = (entry, agent) =>
  entry.appearances[agent]?.name ?? (entry.agents > 1 ? `Player ${agent + 1}` : 'You');

/** How many agents there are with these keyword arguments. */
export function agentsOf(entry, kwargs = {}) {
  const more = entry.agentsFrom.map((name) => {
    const { default: usual } = entry.arguments.find((argument) => argument.name === name);
    return Number(kwargs[name] ?? usual) - usual;
  });
  return more.reduce((sum, each) => sum + each, entry.agents);
}

/** The colour of an agent in the picture, if it has one. */
export const agentColour = (entry, agent) => entry.appearances[agent]?.colour;

/** What a partner does. */
export const partners = new Map([
  ['human', 'A person at this keyboard'],
  ['expert', 'An expert, who knows the game'],
  ['random', 'Acts at random'],
  ['still', 'Stands still'],
  ['online', 'Another person, at another browser'],
]);

const reasons = new Map([
  ['complete', 'Finished'],
  ['timeout', 'It took too long'],
  ['partner_left', 'The partner left'],
  ['validation_failed', 'This browser cannot play it'],
  ['disconnected', 'The connection was lost'],
  ['focus_lost', 'The keyboard was elsewhere for too long'],
  ['excluded', 'Not admitted'],
  ['error', 'Something broke'],
  ['closed', 'You ended the session'],
]);

/** Why a session ended, for people. */
export const reasonWords = (reason) => reasons.get(reason) ?? `It ended: ${reason}`;

/** Milliseconds with about three figures; a dash where there are none. */
export function milliseconds(ms) {
  if (!Number.isFinite(ms)) return '–';
  return ms.toFixed(ms < 0.1 ? 3 : ms < 10 ? 2 : ms < 100 ? 1 : 0);
}

/** A number of bytes with its unit. */
export function bytes(count) {
  if (!Number.isFinite(count)) return '–';
  if (count < 1000) return `${count} B`;
  return count < 1e6 ? `${(count / 1e3).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

/** A score: a number, or one per agent where they earn apart. */
export function scoreWords(score, shared) {
  const tidy = (value) => {
    const text = Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
    return text.replace('-', '−');
  };
  if (!Array.isArray(score)) return tidy(score);
  return shared ? tidy(score[0] ?? 0) : score.map(tidy).join(' : ');
}
