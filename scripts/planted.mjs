// npm run planted [-- WORDS]: plants bugs in a copy of the sources of `crates/play` and `crates/rollback`, one after another, and fails
// if the crate's tests let one of them live. With WORDS only those whose description or file has them all.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main, PlainError } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { plain } from './lib/say.mjs';

/**
 * @typedef {object} Plant
 * @property {string} file
 * @property {string} find stands in the file, once
 * @property {string} replace
 * @property {string} breaks in words
 * @property {string} caughtBy the test that fails
 */

/** The crates whose tests are tested, each with a list of bugs. */
const crates = ['play', 'rollback'];
const copy = join(root, 'target/planted');
// The first build makes the whole crate graph; a test that hangs is ended by itself.
const BUILD_MS = 20 * 60_000;
const TEST_MS = 5 * 60_000;

await main(async () => {
  const words = process.argv.slice(2).map((word) => word.toLowerCase());
  const lists = crates.map((crate) => readFile(join(root, 'crates', crate, 'tests/planted.json'), 'utf8'));
  /** @type {Plant[]} */
  const all = (await Promise.all(lists)).flatMap((list) => JSON.parse(list));
  const says = ({ file, breaks }, word) => `${file} ${breaks}`.toLowerCase().includes(word);
  const plants = all.filter((plant) => words.every((word) => says(plant, word)));
  if (plants.length === 0) throw new PlainError('planted', `expected words of a planted bug, found ${words.join(' ')}`);
  await copySources();
  await checkUnplanted(plants);
  const survivors = [];
  for (const [index, plant] of plants.entries()) {
    const began = performance.now();
    const caught = await plantAndTest(plant);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    plain(`${index + 1}/${plants.length}  ${caught ? 'caught' : 'LIVES '}  ${seconds} s  ${plant.breaks}`);
    if (!caught) survivors.push(plant);
  }
  if (survivors.length > 0) {
    const told = survivors.map((plant) => `${plant.breaks}\n  ${plant.caughtBy} passes with it.`);
    throw new PlainError('planted', `expected every planted bug to be caught, these live:\n${told.join('\n')}`);
  }
  plain(`Every one of ${plants.length} planted bugs was caught.`);
});

/** The crates, as they are, in a workspace of their own: nobody's sources are touched, and what was built stays built. */
async function copySources() {
  await mkdir(copy, { recursive: true });
  // A file that is gone must not live on in the copy.
  await rm(join(copy, 'crates'), { recursive: true, force: true });
  await cp(join(root, 'crates'), join(copy, 'crates'), { recursive: true, preserveTimestamps: true });
  const manifest = await readFile(join(root, 'Cargo.toml'), 'utf8');
  const alone = manifest.replace(/^members = .*$/m, `members = [${crates.map((crate) => `"crates/${crate}"`).join(', ')}]`);
  if (alone === manifest) throw new PlainError('planted', 'expected a line of members in Cargo.toml, found none');
  await writeFile(join(copy, 'Cargo.toml'), alone);
  await cp(join(root, 'Cargo.lock'), join(copy, 'Cargo.lock'));
}

/** A test that fails without a bug, or is not there, would catch everything. */
async function checkUnplanted(plants) {
  for (const crate of new Set(plants.map(crateOf))) {
    const build = `cargo test -p palaestra-${crate} --no-run`.split(' ');
    const built = await run(build, { cwd: copy, env: environment(), timeoutMs: BUILD_MS });
    if (built.code !== 0) throw new PlainError('planted', `the tests cannot be built\n${built.output}`);
    const tests = plants.filter((plant) => crateOf(plant) === crate).map((plant) => plant.caughtBy);
    for (const test of new Set(tests)) {
      const { code, output } = await runTest(crate, test);
      if (code !== 0 || !output.includes('1 passed')) {
        throw new PlainError('planted', `expected ${test} to pass before anything is planted\n${output}`);
      }
    }
  }
}

/** Whether the test that is to catch a bug fails with it. Bugs that do not compile are none. */
async function plantAndTest(plant) {
  const { file, find, replace, caughtBy } = plant;
  const path = join(copy, file);
  const source = await readFile(path, 'utf8');
  if (source.split(find).length !== 2) {
    const times = source.split(find).length - 1;
    throw new PlainError('planted', `${file}: expected to find this once, found it ${times} times\n${find}`);
  }
  const [before, after] = source.split(find);
  await writeFile(path, before + replace + after);
  try {
    const { code, output } = await runTest(crateOf(plant), caughtBy);
    if (output.includes('could not compile')) throw new PlainError('planted', `${file}: does not compile\n${output}`);
    return code !== 0 && output.includes('FAILED');
  } finally {
    await writeFile(path, source);
  }
}

/** The crate of a plant's file. */
function crateOf({ file }) {
  return file.split('/')[1];
}

function runTest(crate, test) {
  // Warnings are about what was planted.
  const command = `cargo test -p palaestra-${crate} --lib --tests --no-fail-fast -- --exact`.split(' ');
  return run([...command, test], { cwd: copy, env: environment(), timeoutMs: TEST_MS });
}

/** A planted bug shows within a thousand random games, or some hundred matches. */
function environment() {
  return { CARGO_TARGET_DIR: join(copy, 'target'), PALAESTRA_GAMES: '1500', PALAESTRA_MATCHES: '600', RUST_BACKTRACE: '0' };
}
