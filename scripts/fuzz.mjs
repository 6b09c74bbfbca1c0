// npm run fuzz [-- --minutes N] [--seed N] [TARGET...]: what comes from outside, made up by libFuzzer: records, saved states, arguments,
// messages, packets, what a server hears, rows, logs. N minutes, 1 unless told otherwise, are shared by the targets. New finds stay in fuzz/corpus, failures in
// fuzz/artifacts.
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { executions, failure, parse, targets } from './fuzz/arguments.mjs';
import { errorsOf } from './lib/cargo-output.mjs';
import { main, PlainError } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { plain, progress, say } from './lib/say.mjs';
import { setUpForFuzzing } from './setup/index.mjs';

const folder = join(root, 'fuzz');
/** More than any input is worth: seconds, and megabytes in all and at a time. An input that takes more is a failure. */
const limits = ['-timeout=20', '-rss_limit_mb=1024', '-malloc_limit_mb=512'];
const longest = 4096;
// The sanitizer is a matter of the compiler's nightly builds; this lets any build have it.
const environment = { RUSTC_BOOTSTRAP: '1', CARGO_TARGET_DIR: join(folder, 'target') };

await main(async () => {
  const { minutes, seed, chosen } = parse(process.argv.slice(2));
  const cargoFuzz = await setUpForFuzzing();
  await build(cargoFuzz);
  const seconds = Math.max(1, Math.round((minutes * 60) / chosen.length));
  let sum = 0;
  for (const target of chosen) sum += await fuzz(cargoFuzz, target, seconds, seed);
  say(
    'ok',
    'fuzz',
    `${sum} inputs in ${chosen.length} of ${targets.length} targets, ${seconds} s each, and none failed`,
  );
});

async function build(cargoFuzz) {
  const work = progress('fuzz', 'cargo fuzz build (a few minutes the first time)');
  const { code, output } = await run([cargoFuzz, 'build', '--fuzz-dir', folder], {
    cwd: folder,
    env: environment,
    onLine: work.update,
  });
  work.done();
  if (code === 0) return;
  plain(errorsOf(output));
  throw new PlainError('fuzz', `cargo fuzz build ended with ${code}`);
}

/** Runs a target from its seeds and what was found before; gives how many inputs it took. */
async function fuzz(cargoFuzz, target, seconds, seed) {
  const [corpus, artifacts] = ['corpus', 'artifacts'].map((name) => join(folder, name, target));
  for (const path of [corpus, artifacts]) mkdirSync(path, { recursive: true });
  const flags = [...limits, `-max_total_time=${seconds}`, `-max_len=${longest}`, '-print_final_stats=1'];
  const command = [
    cargoFuzz,
    'run',
    '--fuzz-dir',
    folder,
    target,
    corpus,
    join(folder, 'seeds', target),
    '--',
    ...flags,
    ...(seed === undefined ? [] : [`-seed=${seed}`]),
  ];
  const work = progress(target, `${seconds} s`);
  const { code, output } = await run(command, {
    cwd: folder,
    env: environment,
    onLine: work.update,
    timeoutMs: (seconds + 600) * 1000,
  });
  const took = work.done();
  const count = executions(output);
  if (code === 0 && count !== undefined) {
    say('ok', target, `${count} inputs  (${took})`);
    return count;
  }
  const { what, file } = failure(output);
  plain(output.split('\n').slice(-40).join('\n'));
  const again = file ? `: run it again with "cargo fuzz run ${target} ${relative(root, file)}"` : '';
  throw new PlainError(target, `${what}${again}`);
}
