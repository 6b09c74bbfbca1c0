// Reads what cargo prints: compiler errors and the results of tests, native or in a browser.
import { basename, dirname, join, relative } from 'node:path';

const progressLine =
  /^\s+(Updating|Locking|Adding|Downloading|Downloaded|Compiling|Checking|Documenting|Blocking|Finished|Fresh|Dirty)\b/;

/** What cargo says of a workspace that the build has written: it names more crates than one family needs. */
const ofNoUse = [
  /^warning: patch `palaestra-/,
  /^warning: profile package spec /,
  /^help: a package with a similar name exists: `palaestra-/,
  // How a patch could be used, on four lines.
  /^help: Check that the patched package/,
  /^ {6}(with the dependency requirements\.|what is locked in the Cargo\.lock|version\. This may also occur)/,
];

/** Cargo's output without the lines that only say what it was at, or that nobody can do anything about. */
export function errorsOf(output) {
  return output
    .split('\n')
    .filter((line) => !progressLine.test(line) && !ofNoUse.some((form) => form.test(line)))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The first line of each compiler error with its place, as `error[E0433]: cannot find … (src/lib.rs:5:41)`. */
export function compilerErrors(output) {
  const errors = [];
  const lines = output.split('\n');
  for (const [index, line] of lines.entries()) {
    if (!/^error(\[E\d+\])?: /.test(line)) continue;
    if (/^error: (could not compile|aborting due to|\d+ targets? failed|test failed|doctest failed)/.test(line))
      continue;
    const place = lines[index + 1]?.match(/^\s*--> (.*)$/)?.[1];
    errors.push(place ? `${line} (${place})` : line);
  }
  return errors;
}

/** What failed tests printed: each block from `---- name` on, cut where it grows long. */
export function failureDetails(output, longest = 40) {
  const details = [];
  let block;
  for (const line of output.split('\n')) {
    if (/^---- .* ----$/.test(line)) block = [];
    if (line === 'failures:') block = undefined;
    if (!block) continue;
    block.push(line);
    if (block.length <= longest) details.push(line);
    else if (block.length === longest + 1) details.push('    …');
  }
  return details.join('\n').trim();
}

/**
 * Follows the output of `cargo test` or `wasm-pack test`, line by line.
 *
 * Gives `{ line, results }`: feed it each line; `results()` has `passed`, `failed` and `ignored` counts, the `failures` as
 * `{ where, name }` and the number of `unfinished` test programs, which began and never came to their result.
 */
export function testReader() {
  const counts = { passed: 0, failed: 0, ignored: 0 };
  const failures = [];
  let where = '';
  let open = 0;
  return {
    line(text) {
      const program = text.match(/^\s+Running (?:unittests )?(\S+) \((.*)\)$/) ?? text.match(/^\s+(Doc-tests) (.*)$/);
      if (program) where = nameOf(program);
      else if (/^running \d+ tests?$/.test(text)) open += 1;
      const test = text.match(/^test (.+?)(?: - should panic)? \.\.\. (?:FAILED|FAIL)$/);
      if (test) failures.push({ where, name: test[1] });
      const result = text.match(/^test result: .* (\d+) passed; (\d+) failed; (\d+) ignored;/);
      if (result) {
        open -= 1;
        counts.passed += Number(result[1]);
        counts.failed += Number(result[2]);
        counts.ignored += Number(result[3]);
      }
    },
    where: () => where,
    results: () => ({ ...counts, failures: [...failures], unfinished: open }),
  };
}

/**
 * The programs of tests that `cargo test --no-run --message-format json-render-diagnostics` built: each with its `name` as a target,
 * the `folder` it is to run in, the `heading` with which `cargo test` would announce it, what it is `about`, and a name for its `log`.
 *
 * @param {string} output
 */
export function testPrograms(output) {
  const programs = [];
  for (const line of output.split('\n')) {
    if (!line.startsWith('{')) continue;
    const { executable, manifest_path: manifest, profile, target } = JSON.parse(line);
    if (!executable || !profile?.test) continue;
    const folder = dirname(manifest);
    const source = relative(folder, target.src_path);
    const unit = target.kind.includes('test') ? '' : 'unittests ';
    const heading = `     Running ${unit}${source} (${executable})`;
    const about = nameOf(['', source, executable]);
    const log = join('cargo', basename(folder), target.name);
    programs.push({ name: target.name, program: executable, folder, heading, about, log });
  }
  return programs;
}

/** `palaestra_env` for the tests in a crate's sources, `palaestra_env golden` for those in its folder tests/. */
function nameOf([, source, detail]) {
  if (source === 'Doc-tests') return `${detail} doc-tests`;
  const program = detail
    .split('/')
    .at(-1)
    .replace(/-[0-9a-f]{16}(\.wasm)?$/, '');
  return source.startsWith('tests/') ? source : program;
}
