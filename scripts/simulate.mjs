// npm run simulate [-- --matches N] [-- --seed S]: plays N matches (10,000 unless told otherwise) of two to six peers over a network
// that is made to fail, from seed S (0) on, each twice, and fails if one of them breaks a rule. See crates/rollback/tests/simulate.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { main, PlainError } from './lib/main.mjs';
import { nativeTargetDir, root } from './lib/paths.mjs';
import { setUpForNative } from './setup/index.mjs';

/** `{ matches, seed }` of the words of the command line. */
function parse(words) {
  const numbers = { '--matches': 10_000, '--seed': 0 };
  for (let at = 0; at < words.length; at += 2) {
    const [name, number] = [words[at], Number(words[at + 1])];
    if (!(name in numbers) || !Number.isSafeInteger(number) || number < 0) {
      throw new PlainError('simulate', `expected --matches N or --seed S, found ${words.slice(at).join(' ')}`);
    }
    numbers[name] = number;
  }
  return { matches: numbers['--matches'], seed: numbers['--seed'] };
}

await main(async () => {
  const { matches, seed } = parse(process.argv.slice(2));
  await setUpForNative();
  const command = 'test --release -p palaestra-rollback --test simulate -- --nocapture'.split(' ');
  const env = {
    ...process.env,
    CARGO_TARGET_DIR: nativeTargetDir,
    PALAESTRA_MATCHES: String(matches),
    PALAESTRA_FIRST: String(seed),
  };
  const child = spawn('cargo', command, { cwd: root, stdio: 'inherit', env });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exitCode = 1;
});
