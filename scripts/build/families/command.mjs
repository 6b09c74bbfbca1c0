// The palaestra command that knows families from elsewhere.
import { progress } from '../../lib/say.mjs';
import { buildCommand, palaestraCommand } from '../command.mjs';
import { buildProgram } from './cargo.mjs';
import { familyCrate } from './crate.mjs';
import { program, workspace, writeWorkspace } from './workspace.mjs';

/**
 * Builds it, as researchers use it, and gives its path; without families from elsewhere it is the usual one.
 *
 * @param {import('./options.mjs').Families} families
 */
export async function buildCommandWith({ folders = [], alone = false }) {
  if (folders.length === 0) {
    await buildCommand();
    return palaestraCommand;
  }
  const sources = await Promise.all(folders.map(familyCrate));
  const command = program({ name: 'palaestra-with-families', library: 'palaestra-cli', sources, builtIn: !alone });
  await writeWorkspace([command]);
  const work = progress('command', 'building the palaestra command');
  return buildProgram(
    { about: 'command', crate: command.name, cwd: workspace, sources, release: true },
    work.update,
  ).finally(work.done);
}
