import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinGlue, missingImports } from './glue.mjs';

/** JavaScript as wasm-bindgen writes it: the imports of a module, and what else is declared. */
const glueOf = (imports, declared = '') => `
/* what numbers things: ${imports} */
export function start() { wasm.start(); }
function __wbg_get_imports() {
  const import0 = {
    __proto__: null,
    ${Object.entries(imports)
      .map(([name, body]) => `${name}: function(arg0) {\n// shim ${name.length}\n${body}\n},`)
      .join('\n')}
  };
  return { __proto__: null, './part_bg.js': import0 };
}
${declared}
let wasm;
export function initSync() {
  wasm = __wbg_get_imports()['./part_bg.js'];
}
`;

/** Runs a joined file as far as its imports. */
async function importsOf(text) {
  const glue = await import(
    `data:text/javascript,${encodeURIComponent(`${text}\nexport const imports = () => __wbg_get_imports();`)}`
  );
  return glue.imports()['./part_bg.js'];
}

test('the JavaScript of several modules joined has what each of them imports and declares, once', async () => {
  const helper = 'function helper(value) { return value + 1; }';
  const other = 'function other(value) { return value * 2; }';
  const joined = await joinGlue([
    { name: 'one', text: glueOf({ both: 'return arg0;', grown: 'return helper(arg0);' }, helper) },
    {
      name: 'two',
      text: glueOf({ both: 'return arg0;', doubled: 'return other(arg0);' }, `${other}\nexport { other as more };`),
    },
  ]);
  const imports = await importsOf(joined);
  assert.deepEqual(Object.keys(imports).sort(), ['both', 'doubled', 'grown']);
  assert.deepEqual([imports.both(5), imports.grown(5), imports.doubled(5)], [5, 6, 10]);
  assert.equal(joined.match(/function start\b/g).length, 1);
  assert.match(joined, /export \{ other as more \}/);
});

test('one module alone keeps what it has', async () => {
  const imports = await importsOf(await joinGlue([{ name: 'one', text: glueOf({ only: 'return arg0;' }) }]));
  assert.equal(imports.only(3), 3);
});

test('a name that stands for two things is refused, in the imports and beside them', async () => {
  const pair = (one, two) =>
    joinGlue([
      { name: 'one', text: one },
      { name: 'two', text: two },
    ]);
  await assert.rejects(
    pair(glueOf({ cast_1: 'return 1;' }), glueOf({ cast_1: 'return 2;' })),
    /imports of two: cast_1 .* in one/,
  );
  const [one, two] = ['return 1;', 'return 2;'].map((body) => glueOf({}, `function helper() { ${body} }`));
  await assert.rejects(pair(one, two), /^Error: two: helper is not what it is in one$/);
});

test('what is no JavaScript of wasm-bindgen is refused', async () => {
  await assert.rejects(joinGlue([{ name: 'odd', text: 'export const a = 1;' }]), /odd: expected __wbg_get_imports/);
});

test('an import that a script does not provide is missing', () => {
  const text = (string) => [string.length, ...new TextEncoder().encode(string)];
  // (type (func)) (import "./x.js" "_a" (func (type 0))) (import "./x.js" "_b" (func (type 0)))
  const content = [2, ...text('./x.js'), ...text('_a'), 0, 0, ...text('./x.js'), ...text('_b'), 0, 0];
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, content.length, ...content];
  const module = new WebAssembly.Module(new Uint8Array(bytes));
  assert.deepEqual(missingImports(module, 'const imports = { _a() {}, "_b": () => {} };'), []);
  assert.deepEqual(missingImports(module, 'const imports = { _a() {} }; const _b = imports._b;'), ['_b']);
});
