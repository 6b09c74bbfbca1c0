/**
 * What of the site is compiled, a cargo invocation each, with `profile` of Cargo.toml. Each of `modules` is compiled from its
 * `crate` to `<folder>/<name>_bg.wasm` of the site; one file of generated JavaScript, `<glue>.js`, serves them all. `entry` imports
 * it, and goes to the site as `script`, with everything that it imports in it, in `format`: what boots a Worker can be a module and a
 * classic script. `workspace`: where the crates are, if not here.
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
    id: 'verifier',
    folder: 'verifier',
    glue: 'palaestra_verifier',
    modules: [{ name: 'palaestra_verifier', crate: 'palaestra-verifier' }],
    profile: 'small',
    entry: 'worker/verifier/boot.js',
    script: 'verifier/boot.js',
    format: 'iife',
  },
  {
    id: 'policy',
    folder: 'policy',
    glue: 'palaestra_policy_module',
    modules: [{ name: 'palaestra_policy_module', crate: 'palaestra-policy-module' }],
    profile: 'small',
    entry: 'worker/policy/seat.js',
    script: 'policy/seat.js',
  },
];

/** Scripts that a page loads by itself when it needs them, beside those of the parts; they have no module. */
export const scripts = [
  { id: 'match', entry: 'crates/page/src/match/index.js', script: 'page/match.js' },
  { id: 'watch', entry: 'crates/page/src/watch/index.js', script: 'page/watch.js' },
];

/** The part that plays environments, with a module for each family: a page downloads the one it plays. */
export const player = {
  id: 'worker',
  folder: 'worker',
  glue: 'palaestra_worker',
  modules: [],
  profile: 'worker',
  entry: 'worker/environment/boot.js',
  script: 'worker/boot.js',
  format: 'iife',
};
