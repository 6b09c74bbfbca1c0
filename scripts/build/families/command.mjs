// The palaestra command that knows families from elsewhere.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { progress } from '../../lib/say.mjs';
import { isPackage, root } from '../../lib/paths.mjs';
import { buildCommand, palaestraCommand } from '../command.mjs';
import { inTurnOfBuilds } from '../turn.mjs';
import { buildProgram } from './cargo.mjs';
import { familyCrate } from './crate.mjs';
import { program, writeWorkspace } from './workspace.mjs';

/** @type {{ name: string, features?: string[] }[]} */
const commands = JSON.parse(readFileSync(join(root, 'bin/commands.json'), 'utf8'));

/**
 * What palaestra-cli has to have for a command, beside what is always there: what writes Parquet takes longer to compile than all
 * the rest. For none, or one that there is not, it has everything, and says so.
 */
export function featuresFor(word) {
  const command = commands.find(({ name }) => name === word);
  return command ? (command.features ?? []) : commands.flatMap(({ features = [] }) => features);
}

/**
 * Builds it, in the server's profile, and gives its path; without families from elsewhere it is the usual one.
 *
 * @param {import('./options.mjs').Families} families
 * @param {string[]} features see `featuresFor`
 */
export async function buildCommandWith({ folders = [], alone = false }, features) {
  if (folders.length === 0 && !isPackage) {
    await buildCommand();
    return palaestraCommand;
  }
  const sources = await Promise.all(folders.map(familyCrate));
  // One that can do more is another program, or each would be built anew after the other.
  const name = ['palaestra-with-families', ...features].join('-');
  const command = program({ name, library: 'palaestra-cli', features, sources, builtIn: !alone });
  return inTurnOfBuilds(async () => {
    const cwd = await writeWorkspace(name, [command]);
    const work = progress('command', 'building the palaestra command');
    return buildProgram({ about: 'command', crate: command.name, cwd, sources, profile: 'serve' }, work.update).finally(
      work.done,
    );
  });
}
