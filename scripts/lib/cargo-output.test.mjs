import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilerErrors, errorsOf, failureDetails, testPrograms, testReader } from './cargo-output.mjs';

const native = `   Compiling palaestra-env v0.1.0 (/src/crates/env)
    Finished \`test\` profile [unoptimized + debuginfo] target(s) in 0.52s
     Running unittests src/lib.rs (target/debug/deps/palaestra_env-0123456789abcdef)

running 3 tests
test space::tests::a_box_holds_its_bounds ... ok
test space::tests::later ... ignored, not yet
test rng::tests::draws_as_numpy_does ... FAILED

failures:

---- rng::tests::draws_as_numpy_does stdout ----
assertion failed: left == right

failures:
    rng::tests::draws_as_numpy_does

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

     Running tests/golden.rs (target/debug/deps/golden-0123456789abcdef)

running 1 test
test every_step_agrees ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests palaestra_env

running 1 test
test crates/env/src/lib.rs - Space (line 3) ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s`;

const read = (text) => {
  const reader = testReader();
  text.split('\n').forEach((line) => reader.line(line));
  return reader.results();
};

test('the counts of all test programs are added up', () => {
  const { passed, failed, ignored, unfinished } = read(native);
  assert.deepEqual({ passed, failed, ignored, unfinished }, { passed: 3, failed: 1, ignored: 1, unfinished: 0 });
});

test('a failed test is named with its crate', () => {
  assert.deepEqual(read(native).failures, [{ where: 'palaestra_env', name: 'rng::tests::draws_as_numpy_does' }]);
});

test('a failed test in a browser is read as well', () => {
  const browser = `     Running tests/web.rs (/t/wasm32-unknown-unknown/debug/deps/web-8ba89e3d08c1bbea.wasm)
running 2 tests
test window_is_there ... FAIL
test good ... ok
test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 filtered out; finished in 0.04s`;
  const { passed, failed, failures } = read(browser);
  assert.deepEqual([passed, failed], [1, 1]);
  assert.deepEqual(failures, [{ where: 'tests/web.rs', name: 'window_is_there' }]);
});

test('a test program that dies before its result is noticed', () => {
  const { unfinished } = read('running 2 tests\ntest one ... ok\nerror: test failed, to rerun pass `--lib`');
  assert.equal(unfinished, 1);
});

test('the programs that cargo built are found among its messages, and are announced as by cargo', () => {
  const message = (kind, source, executable, more) =>
    JSON.stringify({
      reason: 'compiler-artifact',
      manifest_path: '/src/crates/env/Cargo.toml',
      target: { kind: [kind], name: 'golden', src_path: `/src/crates/env/${source}` },
      profile: { test: true },
      executable,
      ...more,
    });
  const output = [
    '   Compiling palaestra-env v0.1.0 (/src/crates/env)',
    message('lib', 'src/lib.rs', null, { profile: { test: false } }),
    message('bin', 'src/main.rs', '/t/debug/palaestra', { profile: { test: false } }),
    message('lib', 'src/lib.rs', '/t/debug/deps/palaestra_env-0123456789abcdef'),
    message('test', 'tests/golden.rs', '/t/debug/deps/golden-0123456789abcdef'),
    JSON.stringify({ reason: 'build-finished', success: true }),
  ].join('\n');
  const programs = testPrograms(output);
  assert.deepEqual(
    programs.map(({ about, folder, heading }) => [about, folder, heading]),
    [
      [
        'palaestra_env',
        '/src/crates/env',
        '     Running unittests src/lib.rs (/t/debug/deps/palaestra_env-0123456789abcdef)',
      ],
      ['tests/golden.rs', '/src/crates/env', '     Running tests/golden.rs (/t/debug/deps/golden-0123456789abcdef)'],
    ],
  );
  const reader = testReader();
  reader.line(programs[1].heading);
  assert.equal(reader.where(), 'tests/golden.rs');
});

test('the output of failed tests is cut out, and cut short', () => {
  assert.equal(
    failureDetails(native),
    '---- rng::tests::draws_as_numpy_does stdout ----\nassertion failed: left == right',
  );
  const long = ['---- long stdout ----', ...Array(100).fill('noise'), 'failures:'].join('\n');
  assert.equal(failureDetails(long, 10).split('\n').length, 11);
});

test('what a written workspace has no use for is not told', () => {
  const output = `warning: patch \`palaestra-rows v0.1.0 (/crates/palaestra-rows)\` was not used in the crate graph
help: Check that the patched package version and available features are compatible
      with the dependency requirements. If the patch has a different version from
      what is locked in the Cargo.lock file, run \`cargo update\` to use the new
      version. This may also occur with an optional dependency that is not enabled.
warning: profile package spec \`web-sys\` in profile \`worker\` did not match any packages

help: a package with a similar name exists: \`palaestra-site\`
warning: unused variable: \`x\`
error: expected \`;\``;
  assert.equal(errorsOf(output).replace(/\n+/g, '|'), 'warning: unused variable: `x`|error: expected `;`');
});

test('a compiler error is one line with its place', () => {
  const output = `   Compiling palaestra-env v0.1.0
error[E0433]: cannot find module \`x\`
 --> crates/env/src/lib.rs:5:41
  |
error: could not compile \`palaestra-env\` (lib) due to 1 previous error`;
  assert.deepEqual(compilerErrors(output), ['error[E0433]: cannot find module `x` (crates/env/src/lib.rs:5:41)']);
  assert.ok(!errorsOf(output).includes('Compiling'));
});
