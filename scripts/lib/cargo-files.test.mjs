import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, lockedVersion, minimumRust, pinnedVersion } from './cargo-files.mjs';

const lock = `[[package]]
name = "syn"
version = "2.0.119"

[[package]]
name = "syn"
version = "3.0.9"

[[package]]
name = "syntax"
version = "9.0.0"
`;

test('of several locked versions the newest is given, and of an unknown crate none', () => {
  assert.equal(lockedVersion('syn', lock), '3.0.9');
  assert.equal(lockedVersion('sy', lock), undefined);
});

test('versions are compared as numbers', () => {
  assert.ok(compareVersions('1.100.0', '1.88') > 0);
  assert.ok(compareVersions('0.2.129', '0.2.130') < 0);
  assert.equal(compareVersions('1.88', '1.88.0'), 0);
});

test("the project's own post-processor and wasm-bindgen are of one version", () => {
  // They write and read a section of the module whose format changes with every version.
  const version = lockedVersion('wasm-bindgen-cli-support');
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.equal(lockedVersion('wasm-bindgen'), version);
  assert.equal(pinnedVersion('wasm-bindgen'), version);
  assert.equal(pinnedVersion('wasm-bindgen-cli-support'), version);
});

test('the oldest Rust is read from the workspace', () => {
  assert.match(minimumRust(), /^1\.\d+/);
});
