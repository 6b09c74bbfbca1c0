import { join } from 'node:path';
import { errorsOf } from '../../lib/cargo-output.mjs';
import { PlainError } from '../../lib/main.mjs';
import { nativeTargetDir } from '../../lib/paths.mjs';
import { run } from '../../lib/run.mjs';
import { plain } from '../../lib/say.mjs';

/**
 * Builds a program of families for this machine and gives its path. `about` is what a failure is told of.
 *
 * @param {object} program
 * @param {string} program.about
 * @param {string} program.crate
 * @param {import('./crate.mjs').FamilyCrate[]} [program.sources]
 * @param {string} program.cwd
 * @param {string} [program.profile] of the workspace's Cargo.toml
 * @param {(line: string) => void} update
 */
export async function buildProgram({ about, crate, sources = [], cwd, profile = 'dev' }, update) {
  const command = ['cargo', 'build', '--profile', profile, '-p', crate, '--bin', crate];
  const { code, output } = await run(command, { cwd, env: { CARGO_TARGET_DIR: nativeTargetDir }, onLine: update });
  if (code === 0) return join(nativeTargetDir, profile === 'dev' ? 'debug' : profile, crate);
  const told = notAFamily(output, sources);
  if (told) throw new PlainError(about, told);
  const reason = errorsOf(output);
  plain(reason);
  throw new PlainError(about, `${command.join(' ')} ended with ${code}; the reason is above`, reason);
}

/** What is wrong where the written crates name a family that is not there, in one line. */
function notAFamily(output, sources) {
  const [, lacking] = /error\[E04(?:25|33)\]: cannot find value `FAMILY` in crate `family_(\d+)`/.exec(output) ?? [];
  if (lacking)
    return `expected \`pub const FAMILY: palaestra_env::catalog::Family\` in the crate of ${sources[lacking].folder}, found none`;
  if (!/error\[E0308\]/.test(output) || !/family_\d+::FAMILY/.test(output)) return undefined;
  const folders = sources.map(({ folder }) => folder).join(' or ');
  return `expected FAMILY to be a palaestra_env::catalog::Family of this clone in ${folders}, found another type: of another palaestra-env?`;
}
