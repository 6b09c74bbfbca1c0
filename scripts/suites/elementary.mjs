import { readFile } from 'node:fs/promises';

// Every build has to compute with crates/math. What would not: a function of JavaScript's Math, or one of the C library that
// Rust's own sin, exp or mul_add end in; under WebAssembly those are compiled in, by these names.
const functions =
  'sin cos tan sincos asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp exp2 exp10 expm1 log log2 log10 log1p ' +
  'pow cbrt hypot fma tgamma lgamma';
const cNames = new Set(functions.split(' ').flatMap((name) => [name, `${name}f`]));
// The software versions live in a module of compiler_builtins; a remainder, a minimum or a rounding among them is exact.
const libm = /compiler_builtins.*?libm_math(.*)/;
const inGlue =
  /\bMath\s*(?:\.|\[\s*['"])\s*(a?(?:sin|cos|tan)h?|atan2|exp|expm1|log|log2|log10|log1p|pow|cbrt|hypot)\b/g;

/** The names of a module's functions, from its section for debuggers; none where it has been removed. */
export function functionNames(module) {
  const [section] = WebAssembly.Module.customSections(module, 'name');
  if (!section) return [];
  const bytes = new Uint8Array(section);
  const text = new TextDecoder();
  const names = [];
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const [kind, size] = [bytes[at++], number()];
    const end = at + size;
    // 1 is the list of functions: how many, then the index, the length and the name of each.
    for (let left = kind === 1 ? number() : 0; left > 0; left -= 1) {
      number();
      const length = number();
      names.push(text.decode(bytes.subarray(at, at + length)));
      at += length;
    }
    at = end;
  }
  return names;
}

/** What a mangled name of the C library's functions in Rust is made of: lengths, each followed by a word of that length. */
function words(mangled) {
  const [, length] = /^(\d+)/.exec(mangled) ?? [];
  if (length === undefined) return [];
  const rest = mangled.slice(length.length);
  return [rest.slice(0, Number(length)), ...words(rest.slice(Number(length)))];
}

/** Those among names of functions that are another's elementary functions. */
export function elementaryNames(names) {
  return names.filter((name) => cNames.has(name) || words(libm.exec(name)?.[1] ?? '').some((word) => cNames.has(word)));
}

/** Calls of JavaScript's elementary functions in a source text. */
export const elementaryCalls = (source) => [...source.matchAll(inGlue)].map(([call]) => call);

/**
 * What is wrong with a build: `compiled` is the path of the module as it was compiled, with names, `shipped` and `glue` of what a
 * page loads.
 */
export async function elementaryIn({ compiled, shipped, glue }) {
  const load = async (file) => new WebAssembly.Module(await readFile(file));
  const names = functionNames(await load(compiled));
  if (names.length === 0) return [`${compiled} names no functions: nothing can be said of what it calls`];
  const imports = WebAssembly.Module.imports(await load(shipped)).map(({ name }) => name);
  const calls = elementaryCalls(await readFile(glue, 'utf8'));
  return [
    ...elementaryNames(names).map((name) => `${compiled} has the function ${name}`),
    ...elementaryNames(imports).map((name) => `${shipped} imports ${name}`),
    ...calls.map((call) => `${glue} calls ${call}`),
  ];
}
