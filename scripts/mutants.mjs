// npm run mutants [-- CRATE...]: changes the code one small thing after another and sees whether a test notices (cargo-mutants).
// A change that no test notices is a survivor; docs/mutants.md explains those that are none of the tests' business, and any other
// fails. An hour or more for all crates.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsOf } from './lib/cargo-output.mjs';
import { main, PlainError } from './lib/main.mjs';
import { nativeTargetDir, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { plain, progress, say } from './lib/say.mjs';
import { explained, judged, parse } from './mutants/survivors.mjs';
import { setUpForMutants } from './setup/index.mjs';

const list = join(root, 'docs', 'mutants.md');
// Tests run many times and builds once each: a little optimisation pays, and debug information does not.
const environment = {
  CARGO_PROFILE_DEV_DEBUG: '0',
  CARGO_PROFILE_DEV_OPT_LEVEL: '1',
  PROPTEST_CASES: '24',
  CARGO_TARGET_DIR: undefined,
};

await main(async () => {
  const crates = parse(process.argv.slice(2), (name) => existsSync(join(root, 'crates', name)));
  const known = explained(readFileSync(list, 'utf8'));
  const cargoMutants = await setUpForMutants();
  const unexplained = [];
  for (const name of crates) unexplained.push(...(await mutate(cargoMutants, name, known)));
  if (unexplained.length === 0) return;
  plain(`\nSurvivors that docs/mutants.md does not explain:\n${unexplained.map((line) => `  ${line}`).join('\n')}`);
  process.exitCode = 1;
});

/** Mutates a crate; gives the survivors that nobody has explained. */
async function mutate(cargoMutants, name, known) {
  const output = join(nativeTargetDir, 'mutants', name);
  mkdirSync(output, { recursive: true });
  const work = progress(name, 'cargo mutants');
  const command = [cargoMutants, 'mutants', '-p', `palaestra-${name}`, '-o', output];
  // Without the examples in the documentation: compiling them takes longer than all else.
  const options = ['--jobs', '1', '--minimum-test-timeout', '60', '--line-col=false', '--cargo-test-arg=--tests'];
  options.push('--no-times', '--colors', 'never');
  const { code, output: printed } = await run([...command, ...options], {
    cwd: root,
    env: environment,
    onLine: work.update,
  });
  const took = work.done();
  const read = (file) => readLines(join(output, 'mutants.out', file));
  // 2: some were missed; 3: some ran into the time limit, which is noticing too.
  if (typeof code !== 'number' || ![0, 2, 3].includes(code)) {
    plain(errorsOf(printed) || printed.split('\n').slice(-20).join('\n'));
    throw new PlainError(name, `cargo mutants ended with ${code}`);
  }
  const { unexplained, explained: fine, stale } = judged({ missed: read('missed.txt'), known, crate: name });
  const caught = read('caught.txt').length + read('timeout.txt').length;
  const counts = `${caught} caught, ${fine.length + unexplained.length} survived, ${fine.length} of them explained`;
  say(unexplained.length === 0 ? 'ok' : 'fail', name, `${counts}  (${took})`);
  for (const line of stale) say('note', name, `explained, and caught by now: ${line}`);
  return unexplained;
}

function readLines(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
