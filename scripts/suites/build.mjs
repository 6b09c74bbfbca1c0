import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { registryFile } from '../build/families/index.mjs';
import { parts, player } from '../build/parts.mjs';
import { PlainError } from '../lib/main.mjs';
import { root, wasmTargetDir, wasmTriple } from '../lib/paths.mjs';
import { say } from '../lib/say.mjs';
import { elementaryIn } from './elementary.mjs';

/** The families of a built site. */
async function familiesOf(site) {
  const entries = JSON.parse(await readFile(join(site, registryFile), 'utf8'));
  return [...new Set(entries.map(({ family }) => family))];
}

/** Whose elementary functions but the project's own are in a module of the site that was just built. */
async function foreignFunctions(site, part, name) {
  return elementaryIn({
    compiled: join(wasmTargetDir, wasmTriple, part.profile, `${name}.wasm`),
    shipped: join(site, part.folder, `${name}_bg.wasm`),
    glue: join(site, part.script),
  });
}

/** The modules whose numbers have to be the same everywhere, each with its part: the families', and that of policies. */
async function exactModules(site) {
  const policy = parts.find(({ id }) => id === 'policy');
  const families = (await familiesOf(site)).map((family) => [player, family]);
  return [...families, ...policy.modules.map(({ name }) => [policy, name])];
}

export const buildSuite = {
  name: 'build',
  about: 'npm run build, what its modules are made of, and the build with a Worker that can fail',
  filterable: false,
  async run({ site }) {
    const result = { passed: 0, failed: 0, skipped: 0, failures: [] };
    for (const faults of [false, true]) {
      try {
        const built = await site(faults);
        say('ok', 'build', `${relative(root, built)}/`);
        result.passed += 1;
        for (const [part, name] of faults ? [] : await exactModules(built)) {
          const found = await foreignFunctions(built, part, name);
          result.failures.push(...found);
          result.failed += found.length;
          result.passed += found.length === 0 ? 1 : 0;
        }
      } catch (error) {
        if (!(error instanceof PlainError)) throw error;
        result.failed += 1;
        result.failures.push(`${error.about}: ${error.message}`);
      }
    }
    return result;
  },
};
