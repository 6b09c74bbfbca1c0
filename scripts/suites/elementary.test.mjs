import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elementaryCalls, elementaryNames, functionNames } from './elementary.mjs';

/** A module of empty functions with these names. */
function moduleOf(names) {
  const number = (value) => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...number(value >>> 7)]);
  const section = (id, body) => [id, ...number(body.length), ...body];
  const text = (string) => [...number(string.length), ...new TextEncoder().encode(string)];
  const list = (items) => [...number(items.length), ...items.flat()];
  const named = section(1, list(names.map((name, index) => [...number(index), ...text(name)])));
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([[0x60, 0, 0]])),
    ...section(3, list(names.map(() => [0]))),
    ...section(10, list(names.map(() => [2, 0, 0x0b]))),
    ...section(0, [...text('name'), ...section(0, text('a module')), ...named]),
  ];
  return new WebAssembly.Module(new Uint8Array(bytes));
}

test('the names of a module are read, however many and long', () => {
  const names = ['start', 'x'.repeat(200), ...Array.from({ length: 150 }, (_, index) => `f${index}`)];
  assert.deepEqual(functionNames(moduleOf(names)), names);
});

test('functions of the C library are found by their name and by their place', () => {
  const found = [
    'sin',
    'powf',
    'fma',
    '_RNvNtNtNtCs5zM4GgcuceN_17compiler_builtins4math9libm_math3exp3exp',
    '_RNvNtNtNtCs5zM4GgcuceN_17compiler_builtins4math9libm_math4log24log2',
    '_ZN17compiler_builtins4math9libm_math3sin3sin17h0123456789abcdefE',
  ];
  assert.deepEqual(elementaryNames(found), found);
});

test('what is exact and what is our own is not', () => {
  const fine = [
    'fmod',
    'fmin',
    'memcmp',
    '__multi3',
    'single',
    '_RNvNtNtNtCs5zM4GgcuceN_17compiler_builtins4math9libm_math4fmod4fmod',
    '_ZN14palaestra_math5glibc13trigonometric3sin17h57825d9471b43307E',
    '__wbg_now_d0b7f4bea9f38490',
  ];
  assert.deepEqual(elementaryNames(fine), []);
});

test('calls of Math are found in a script, and roundings are none', () => {
  const script = 'const a = Math.sin(1) + Math["pow"](2, 3); Math.max(1, Math.floor(2)); math.sin(3); Math.expand';
  assert.deepEqual(elementaryCalls(script), ['Math.sin', 'Math["pow']);
});
