import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crateName, environmentId } from './names.mjs';

test('a name becomes those of a crate, of Rust and of Gymnasium', () => {
  const name = crateName('catch-the_fruit2');
  assert.equal(name.library, 'catch_the_fruit2');
  assert.equal(environmentId(name), 'CatchTheFruit2-v0');
  assert.equal(environmentId(name, 'lab/Fruit-v3'), 'lab/Fruit-v3');
});

test('a name that will not do is refused with one that would', () => {
  for (const [name, meant] of [
    ['MyEnv', 'my-env'],
    ['My Env!', 'my-env'],
    ['2048', 'my-env'],
    ['été', 'ete'],
    ['match', 'match-game'],
    ['guest', 'guest-game'],
    ['', 'my-env'],
  ]) {
    assert.throws(() => crateName(name), new RegExp(`found \`${name}\`: how about \`${meant}\``));
    crateName(meant);
  }
});

test('an id without a version, or with what Gymnasium does not take, is refused', () => {
  for (const id of ['Fruit', 'Fruit-v', 'my fruit-v0', '/Fruit-v0', 'a/b/C-v0'])
    assert.throws(() => environmentId(crateName('fruit'), id), /--id: expected an id as Gymnasium has them/, id);
});

test('an id of the namespace that the page takes for environments in Python is refused', () => {
  assert.throws(() => environmentId(crateName('catch'), 'guest/Catch-v0'), /expected another namespace than guest\//);
  assert.equal(environmentId(crateName('catch'), 'guests/Catch-v0'), 'guests/Catch-v0');
});
