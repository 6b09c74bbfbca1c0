import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inOneFile, sharedGlue } from './bindgen.mjs';

test('the JavaScript of several modules is the longest, without comments, if the others lack only lines of it', () => {
  const all = 'import\n// shim 3\nadd\n  // inside\nreject\nexport';
  const fewer = 'import\n// shim 5\nadd\nexport';
  assert.deepEqual(sharedGlue([fewer, all, fewer]), { shared: 'import\nadd\nreject\nexport', odd: -1 });
});

test('the JavaScript of a module that needs other lines is the odd one out', () => {
  assert.equal(sharedGlue(['import\nadd\nreject', 'import\nadd']).odd, -1);
  assert.equal(sharedGlue(['import\nadd\nreject', 'import\nthrow']).odd, 1);
  assert.equal(sharedGlue(['import\nreject\nadd', 'add\nreject']).odd, 1);
});

test('a Worker boots from one file, with what it would import in its place', () => {
  const glue = 'export function start() {}\nfunction __wbg_init() {}\nexport { initSync, __wbg_init as default };\n';
  const sync = "// Why.\nimport { initSync, start } from './glue.js';\nstart();\n";
  assert.equal(inOneFile(sync, 'glue', glue), '// Why.\nexport function start() {}\nfunction __wbg_init() {}\n\nstart();\n');
  const own = "import init, { start } from './glue.js';\nawait init();\n";
  assert.match(inOneFile(own, 'glue', glue), /const init = __wbg_init;\nawait init\(\);/);
  assert.throws(() => inOneFile('start();', 'glue', glue), /imports \.\/glue\.js/);
});
