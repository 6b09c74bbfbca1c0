const familyOf = (name) => ({ name, crate: `palaestra-worker-${name.replaceAll('_', '-')}` });

/** The environments' families: a page downloads the module of the one it plays. Each has a crate in worker/families. */
export const families = ['classic_control', 'toy_text', 'minigrid', 'overcooked_ai', 'cogrid', 'slime_volley', 'box2d'];

/**
 * What of the site is compiled, a cargo invocation each, with `profile` of Cargo.toml. Each of `modules` is compiled from its
 * `crate` to `<folder>/<name>_bg.wasm` of the site; one file of generated JavaScript, `<glue>.js`, serves them all. `entry` imports
 * it, and goes to the site as `script`, with everything that it imports in it.
 */
export const parts = [
  {
    id: 'page',
    folder: 'page',
    glue: 'palaestra_page',
    modules: [{ name: 'palaestra_page', crate: 'palaestra-page' }],
    profile: 'small',
    entry: 'www/palaestra.js',
    script: 'palaestra.js',
  },
  {
    id: 'worker',
    folder: 'worker',
    glue: 'palaestra_worker',
    modules: families.map(familyOf),
    profile: 'worker',
    entry: 'worker/environment/boot.js',
    script: 'worker/boot.js',
  },
  {
    id: 'verifier',
    folder: 'verifier',
    glue: 'palaestra_verifier',
    modules: [{ name: 'palaestra_verifier', crate: 'palaestra-verifier' }],
    profile: 'small',
    entry: 'worker/verifier/boot.js',
    script: 'verifier/boot.js',
  },
];

/** The same site with a family more, which tests can make panic, hang or fall silent; it is never shipped. */
export const faultyParts = parts.map((part) =>
  part.id === 'worker' ? { ...part, id: 'worker-faults', modules: [...part.modules, familyOf('faults')] } : part,
);

/** What a page has to know of that family. */
export const faultyEntry = { id: 'Faults-v0', family: 'faults' };
