// Which files of a crate use which others, read from their text: `use` and the paths that begin with `crate`, `super`, `self` or
// the name of a module that the file declares.

/** A Rust source without its comments, the contents of its strings, and the module of its own tests. */
export function codeOf(source) {
  const plain = source.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|r#"[\s\S]*?"#|"(?:\\[\s\S]|[^"\\])*"|'(?:\\.|[^'\\])'/g,
    (text) => (text.startsWith('/') ? ' ' : '""'),
  );
  return plain.replace(/#\[cfg\((?:test|all\([^\]]*\btest\b[^\]]*)\)\]\s*mod\s+\w+\s*\{[\s\S]*$/, '');
}

/** The paths of a tree of `use`, such as `a::{b, c::{self, d as e}}`: `{ path, name }`, `name` as it is called from then on. */
export function useTree(text, before = []) {
  const tree = text.trim();
  const brace = tree.indexOf('{');
  if (brace < 0) {
    const [path, as] = tree.split(/\s+as\s+/);
    const steps = [
      ...before,
      ...path
        .split('::')
        .map((step) => step.trim())
        .filter(Boolean),
    ];
    const whole = steps.at(-1) === 'self' && steps.length > 1 ? steps.slice(0, -1) : steps;
    return [{ path: whole, name: as?.trim() ?? whole.at(-1) }];
  }
  const head = tree
    .slice(0, brace)
    .split('::')
    .map((step) => step.trim())
    .filter(Boolean);
  const parts = [];
  let depth = 0;
  let from = brace + 1;
  for (let at = from; at < tree.length; at += 1) {
    if (tree[at] === '{') depth += 1;
    if ((tree[at] === ',' && depth === 0) || (tree[at] === '}' && depth === 0)) {
      parts.push(tree.slice(from, at));
      from = at + 1;
    }
    if (tree[at] === '}' && (depth -= 1) < 0) break;
  }
  return parts.filter((part) => part.trim()).flatMap((part) => useTree(part, [...before, ...head]));
}

/** The modules of a crate's files: the path of each file in `src`, and what its code says of others. */
function modulesOf(files) {
  const modules = new Map();
  for (const [file, source] of files) {
    if (!file.endsWith('.rs') || /(^|[/_])tests\.rs$/.test(file)) continue;
    const steps = file.replace(/\.rs$/, '').split('/');
    if (['mod', 'lib', 'main'].includes(steps.at(-1))) steps.pop();
    const code = codeOf(source);
    const uses = [...code.matchAll(/(?<=^|[;{}\]])\s*(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);/g)].flatMap(
      ([, shared, tree]) => useTree(tree).map((use) => ({ ...use, shared: shared !== undefined })),
    );
    const body = code.replace(/\b(pub(\([^)]*\))?\s+)?use\s+[^;]+;/g, '');
    const isContents = body.replace(/#!?\[[^\]]*\]|\b(pub(\([^)]*\))?\s+)?mod\s+\w+\s*;|\s/g, '') === '';
    modules.set(steps.join('::'), { file, steps, uses, body, isContents });
  }
  return modules;
}

/** The files that each file of a crate uses: a Map of Sets. `files` is a Map of texts by path in the crate's `src`. */
export function usesOf(files) {
  const modules = modulesOf(files);
  const children = ({ steps }) => {
    const inside = (other) =>
      other.steps.length === steps.length + 1 && steps.every((step, i) => other.steps[i] === step);
    return [...modules.values()].filter(inside).map(({ steps }) => steps.at(-1));
  };

  /** The path from the crate's root of one that stands in a module; undefined if it is another crate's. */
  const absolute = (module, path) => {
    const [first, ...rest] = path;
    if (first === 'crate') return rest;
    if (first === 'self') return [...module.steps, ...rest];
    if (first === 'super') {
      const ups = path.findIndex((step) => step !== 'super');
      const up = ups < 0 ? path.length : ups;
      return up > module.steps.length
        ? undefined
        : [...module.steps.slice(0, module.steps.length - up), ...path.slice(up)];
    }
    return children(module).includes(first) ? [...module.steps, ...path] : undefined;
  };

  /** The file in which what a path names is defined, whoever passes it on. */
  const fileOf = (path, seen = new Set()) => {
    let length = path.length;
    while (length > 0 && !modules.has(path.slice(0, length).join('::'))) length -= 1;
    const module = modules.get(path.slice(0, length).join('::'));
    if (!module || length === path.length || seen.has(`${module.file} ${path[length]}`)) return module?.file;
    seen.add(`${module.file} ${path[length]}`);
    const passed = module.uses.find(({ name, shared }) => shared && name === path[length]);
    const target = passed && absolute(module, passed.path);
    if (target) return fileOf([...target, ...path.slice(length + 1)], seen);
    return module.file;
  };

  const edges = new Map();
  for (const module of modules.values()) {
    const own = children(module);
    const spelled = [...module.body.matchAll(/(?<![\w:])(\w+)((?:::\w+)+)/g)].map(([, first, rest]) => [
      first,
      ...rest.slice(2).split('::'),
    ]);
    const paths = [
      // What a file only passes on it does not use.
      ...module.uses.filter(({ shared }) => !shared).map(({ path }) => path),
      ...spelled.filter(([first]) => ['crate', 'super', 'self', ...own].includes(first)),
      // A file that declares modules and has code as well is one thing with them; a table of contents is none.
      ...(module.isContents ? [] : own.map((child) => ['self', child])),
    ];
    const used = paths
      .map((path) => absolute(module, path))
      .filter(Boolean)
      .map((path) => fileOf(path));
    edges.set(module.file, new Set(used.filter((file) => file && file !== module.file)));
  }
  return edges;
}
