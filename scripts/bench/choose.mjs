import { PlainError } from '../lib/main.mjs';

/** Which of the sections the words of `npm run bench` ask for, and how. */
export function choose(words, sections) {
  const options = new Set(words.filter((word) => word.startsWith('--')));
  const names = words.filter((word) => !word.startsWith('--'));
  const wrong = [...options].find((option) => option !== '--quick' && option !== '--as-built');
  const unknown = wrong ?? names.find((name) => !sections.some((section) => section.name === name));
  if (unknown) {
    const known = sections.map(({ name }) => name).join(', ');
    throw new PlainError('bench', `the sections are ${known}, the options --quick and --as-built; not ${unknown}`);
  }
  const chosen = sections.filter(({ name, apart }) => (names.length > 0 ? names.includes(name) : !apart));
  return { chosen, quick: options.has('--quick'), build: !options.has('--as-built') };
}
