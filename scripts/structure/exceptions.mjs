/**
 * What is left of `found` (a reason by each offender's name) without the exceptions, a line each; and a line for each exception
 * that is one no longer.
 */
export function beyond(found, exceptions, what) {
  const wrong = [...found].filter(([name]) => !exceptions.includes(name)).map(([, reason]) => reason);
  const needless = exceptions.filter((name) => !found.has(name));
  return [...wrong, ...needless.map((name) => `${name} ${what}: take it off the exceptions`)];
}
