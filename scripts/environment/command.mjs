// The commands that are written in Rust, with the environment of this folder, or elsewhere with those that come with Palaestra.
import { spawn } from 'node:child_process';
import { buildCommandWith, featuresFor } from '../build/families/command.mjs';
import { setUpCrates } from './set-up.mjs';

/**
 * Builds the program where it has to be built, runs it on these words, and gives its exit status.
 *
 * @param {string[]} words
 * @param {string | undefined} project
 */
export async function runRust(words, project) {
  await setUpCrates(project);
  const families = project ? { folders: [project], alone: true } : {};
  const program = await buildCommandWith(families, featuresFor(words[0]));
  const child = spawn(program, words, { stdio: 'inherit' });
  // Ctrl-C reaches both of us; which status it ends with is the program's to say.
  process.removeAllListeners('SIGINT');
  process.on('SIGINT', () => {});
  process.prependListener('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((ended, failed) => {
    child.once('error', failed);
    child.once('exit', (code, signal) => ended(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
