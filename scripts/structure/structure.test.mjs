import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { circles } from './circles.mjs';
import { wrongDependencies } from './crates.mjs';
import { beyond } from './exceptions.mjs';
import { codeOf, usesOf, useTree } from './rust-uses.mjs';

/** Which files use which, as plain objects. */
const edgesOf = (files) =>
  Object.fromEntries([...usesOf(new Map(Object.entries(files)))].map(([file, used]) => [file, [...used].sort()]));
const circlesOf = (files) => circles(usesOf(new Map(Object.entries(files))));

describe('which files use which', () => {
  test('is read from imports of every form, and from paths that stand in the code', () => {
    const files = {
      'lib.rs': 'mod a;\nmod b;\nmod c;\nmod deep;\npub use a::A;\n',
      'a.rs': 'use crate::b::{B, self as bee};\nuse std::fmt;\npub struct A;\n',
      'b.rs': 'pub struct B;\nfn f() -> u8 { super::c::number() }\n',
      'c.rs': 'use\n    crate::{\n    deep::inner::Inner, b::B};\npub fn number() -> u8 { 1 }\n',
      'deep/mod.rs': 'mod inner;\nmod other;\npub(crate) use inner::Inner;\n',
      'deep/inner.rs': 'pub struct Inner;\n',
      'deep/other.rs': 'use super::Inner;\nuse crate::A as Other;\n',
    };
    assert.deepEqual(edgesOf(files), {
      'lib.rs': [],
      'a.rs': ['b.rs'],
      'b.rs': ['c.rs'],
      'c.rs': ['b.rs', 'deep/inner.rs'],
      'deep/mod.rs': [],
      'deep/inner.rs': [],
      // Through the tables of contents that pass them on.
      'deep/other.rs': ['a.rs', 'deep/inner.rs'],
    });
  });

  test('does not depend on comments, strings, own tests and other crates', () => {
    const source = `
      //! use crate::b::B; and crate::b::f
      use palaestra_env::b::B; /* use crate::b::B; */
      const TEXT: &str = "use crate::b::B; \\" crate::b::f";
      const RAW: &str = r#"crate::b::f"#;
      const QUOTE: char = '"';
      #[cfg(test)]
      mod tests { use super::*; use crate::b::B; }`;
    assert.deepEqual(edgesOf({ 'lib.rs': 'mod a; mod b;', 'a.rs': source, 'b.rs': 'pub struct B;' })['a.rs'], []);
    assert.doesNotMatch(codeOf(source), /crate::/);
  });

  test('reads a tree of imports as its paths', () => {
    assert.deepEqual(
      useTree('a::{b, c::{self, d as e}, f::*}').map(({ path, name }) => [path.join('::'), name]),
      [
        ['a::b', 'b'],
        ['a::c', 'c'],
        ['a::c::d', 'e'],
        ['a::f::*', '*'],
      ],
    );
  });
});

describe('a circle', () => {
  test('of two or more files is found, whatever hangs on to it', () => {
    const files = {
      'lib.rs': 'mod a; mod b; mod c; mod d;',
      'a.rs': 'use crate::b::B;',
      'b.rs': 'use crate::c::C; pub struct B;',
      'c.rs': 'fn f() { crate::a::g() } pub struct C;',
      'd.rs': 'use crate::a::A;',
    };
    assert.deepEqual(circlesOf(files), [['a.rs', 'b.rs', 'c.rs']]);
    assert.deepEqual(circlesOf({ ...files, 'c.rs': 'pub struct C;' }), []);
  });

  test('is what a file with code of its own and a module of it are that uses it', () => {
    const files = {
      'lib.rs': 'mod game;',
      'game/mod.rs': 'mod step; pub struct Game;',
      'game/step.rs': 'use super::Game;',
    };
    assert.deepEqual(circlesOf(files), [['game/mod.rs', 'game/step.rs']]);
    const contents = {
      ...files,
      'game/mod.rs': '//! Contents.\nmod run;\nmod step;\npub use run::Game;',
      'game/run.rs': 'pub struct Game;',
    };
    assert.deepEqual(circlesOf(contents), []);
  });
});

describe('the table of crates', () => {
  const rules = {
    crates: { mayDependOn: { env: [], host: ['env'], 'worker-*': ['env', 'host'] } },
    inner: { crates: ['env'], browser: ['web-sys', 'gloo-*'] },
  };
  const crate = (name, ...dependencies) => ({
    name: `palaestra-${name}`,
    dependencies: dependencies.map((dependency) =>
      typeof dependency === 'string' ? { name: dependency, kind: null } : dependency,
    ),
  });

  test('allows what it names, other projects and what tests use', () => {
    const packages = [
      crate('env', 'serde', { name: 'palaestra-host', kind: 'dev' }, { name: 'gloo-timers', kind: 'dev' }),
      crate('host', 'palaestra-env', 'web-sys'),
      crate('worker-box2d', 'palaestra-host'),
    ];
    assert.deepEqual(wrongDependencies(packages, rules), []);
  });

  test('tells of a dependency in the wrong direction, of a browser in an inner crate and of a crate that it lacks', () => {
    const packages = [
      crate('env', 'palaestra-host', 'gloo-events'),
      crate('host', { name: 'palaestra-worker-a', kind: 'build' }),
      crate('new'),
    ];
    assert.deepEqual(wrongDependencies(packages, rules), [
      'palaestra-env depends on palaestra-host: it may depend on none of the project',
      'palaestra-env depends on gloo-events: it may know no browser',
      'palaestra-host depends on palaestra-worker-a: it may depend on env alone',
      'palaestra-new is not in the table of crates: say there what it may depend on',
    ]);
  });
});

test('an exception that is none any more is told of like an offender that is no exception', () => {
  const found = new Map([
    ['a.rs', 'a.rs is too long'],
    ['b.rs', 'b.rs is too long'],
  ]);
  assert.deepEqual(beyond(found, ['a.rs', 'c.rs'], 'is no longer too long'), [
    'b.rs is too long',
    'c.rs is no longer too long: take it off the exceptions',
  ]);
});
