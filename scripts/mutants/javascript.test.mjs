import assert from 'node:assert/strict';
import test from 'node:test';
import { mutantsOf } from './javascript.mjs';

const source = `const n = -1;
class Reader {
  take(at) {
    if (at >= 2 && !this.over) return at + 1;
    this.at += at;
    return false ? n : at;
  }
}
`;

test('each operator, number, flag, condition and body is changed by itself, and named with its place', () => {
  const mutants = mutantsOf('a.js', source);
  assert.deepEqual(
    mutants.map(({ name }) => name),
    [
      'a.js:1:11: delete - in n',
      'a.js:3:12: replace the body with {} in take',
      'a.js:4:9: turn the condition round in take',
      'a.js:4:12: replace >= with > in take',
      'a.js:4:15: replace 2 with 3 in take',
      'a.js:4:17: replace && with || in take',
      'a.js:4:20: delete ! in take',
      'a.js:4:42: replace + with - in take',
      'a.js:4:44: replace 1 with 2 in take',
      'a.js:5:13: replace += with -= in take',
      'a.js:6:12: replace false with true in take',
      'a.js:6:12: turn the condition round in take',
    ],
  );
  const [, body, round, more] = mutants;
  assert.match(body.source, /take\(at\) \{\}\n\}/);
  assert.match(round.source, /if \(!\(at >= 2 && !this\.over\)\) return/);
  assert.match(more.source, /if \(at > 2 && /);
  for (const { name, source: changed } of mutants) assert.notEqual(changed, source, name);
});
