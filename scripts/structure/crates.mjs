import { matchesGlob } from './glob.mjs';

const prefix = 'palaestra-';
const short = (name) => name.slice(prefix.length);

/** What is used when the crate is built for others; what only its tests use may come from anywhere. */
const used = ({ dependencies }) => dependencies.filter(({ kind }) => kind !== 'dev').map(({ name }) => name);

/** The one entry of a table whose pattern fits; one without `*` comes before one with it. */
function entryFor(table, name) {
  if (name in table) return table[name];
  const pattern = Object.keys(table).find((pattern) => matchesGlob(name, pattern));
  return pattern && table[pattern];
}

/** What is wrong with the dependencies of crates, a line each. `packages` are those that `cargo metadata` lists. */
export function wrongDependencies(packages, { crates, inner }) {
  const wrong = [];
  for (const { name, ...rest } of packages) {
    const allowed = entryFor(crates.mayDependOn, short(name));
    if (!allowed) {
      wrong.push(`${name} is not in the table of crates: say there what it may depend on`);
      continue;
    }
    for (const dependency of used(rest)) {
      if (dependency.startsWith(prefix) && !allowed.includes(short(dependency))) {
        const may = allowed.length > 0 ? `on ${allowed.join(', ')} alone` : 'on none of the project';
        wrong.push(`${name} depends on ${dependency}: it may depend ${may}`);
      }
      if (inner.crates.includes(short(name)) && inner.browser.some((pattern) => matchesGlob(dependency, pattern))) {
        wrong.push(`${name} depends on ${dependency}: it may know no browser`);
      }
    }
  }
  return wrong;
}
