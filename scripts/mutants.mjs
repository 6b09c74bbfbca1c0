// npm run mutants [-- CRATE... codec] [-- --shard K/N]: changes the code one small thing after another and sees whether a test notices
// (cargo-mutants; of the page's JavaScript codec our own). A change that no test notices is a survivor; docs/mutants.md explains those that
// are none of the tests' business, and any other fails. Some hours for all; `--shard 0/8` tries every eighth change.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsOf } from './lib/cargo-output.mjs';
import { main, PlainError } from './lib/main.mjs';
import { nativeTargetDir, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { plain, progress, say } from './lib/say.mjs';
import { browserOnly, CODEC, explained, features, judged, parse } from './mutants/survivors.mjs';
import { setUpForMutants, setUpNodeModules } from './setup/index.mjs';

const list = join(root, 'docs', 'mutants.md');
// Tests run many times and builds once each: a little optimisation pays, and debug information does not. Of what others wrote everything
// stays built from one run to the next.
const environment = {
  CARGO_PROFILE_DEV_DEBUG: '0',
  CARGO_PROFILE_DEV_OPT_LEVEL: '1',
  CARGO_INCREMENTAL: '1',
  PROPTEST_CASES: '24',
  CARGO_TARGET_DIR: join(nativeTargetDir, 'mutants', 'target'),
};

await main(async () => {
  const { names, shard } = parse(process.argv.slice(2), (name) => existsSync(join(root, 'crates', name)));
  const known = explained(readFileSync(list, 'utf8'));
  const cargoMutants = names.some((name) => name !== CODEC) ? await setUpForMutants() : undefined;
  if (names.includes(CODEC)) await setUpNodeModules();
  const unexplained = [];
  for (const name of names) {
    const work = progress(name, name === CODEC ? 'its files' : 'cargo mutants');
    const found = name === CODEC ? await ofCodec(shard, work.update) : await ofCrate(cargoMutants, name, shard, work);
    unexplained.push(...told(name, found, known, work.done()));
  }
  if (unexplained.length === 0) return;
  plain(`\nSurvivors that docs/mutants.md does not explain:\n${unexplained.map((line) => `  ${line}`).join('\n')}`);
  process.exitCode = 1;
});

/** Says what became of the changes; gives the survivors that nobody has explained. */
function told(name, { missed, caught }, known, took) {
  const { unexplained, explained: fine, stale } = judged({ missed, caught, known });
  const counts = `${caught.length} caught, ${missed.length} survived, ${fine.length} of them explained`;
  say(unexplained.length === 0 ? 'ok' : 'fail', name, `${counts}  (${took})`);
  for (const line of stale) say('note', name, `explained, and caught by now: ${line}`);
  return unexplained;
}

/** Mutates the page's JavaScript codec. */
async function ofCodec(shard, update) {
  // It needs the npm packages, which a fresh clone has only now.
  const { mutateCodec } = await import('./mutants/codec.mjs');
  return mutateCodec((all) => (shard ? all.filter((_, index) => index % shard.n === shard.k) : all), update);
}

/** Mutates a crate. */
async function ofCrate(cargoMutants, name, shard, work) {
  const output = join(nativeTargetDir, 'mutants', name);
  mkdirSync(output, { recursive: true });
  const command = [cargoMutants, 'mutants', '-p', `palaestra-${name}`, '-o', output];
  // Without the examples in the documentation: compiling them takes longer than all else.
  const options = ['--jobs', '1', '--minimum-test-timeout', '30', '--cargo-test-arg=--tests'];
  options.push('--no-times', '--colors', 'never');
  if (features[name]) options.push('--features', features[name].join(','));
  for (const glob of browserOnly[name] ?? []) options.push('--exclude', glob);
  if (shard) options.push('--shard', `${shard.k}/${shard.n}`, '--sharding', 'round-robin');
  const { code, output: printed } = await run([...command, ...options], {
    cwd: root,
    env: environment,
    onLine: work.update,
  });
  const read = (file) => readLines(join(output, 'mutants.out', file));
  // 2: some were missed; 3: some ran into the time limit, which is noticing too.
  if (typeof code !== 'number' || ![0, 2, 3].includes(code)) {
    work.done();
    plain(errorsOf(printed) || printed.split('\n').slice(-20).join('\n'));
    throw new PlainError(name, `cargo mutants ended with ${code}`);
  }
  return { missed: read('missed.txt'), caught: [...read('caught.txt'), ...read('timeout.txt')] };
}

function readLines(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
