/**
 * What of the site is compiled, a cargo invocation each, with `profile` of Cargo.toml. Each of `modules` is compiled from its
 * `crate` to `<folder>/<name>_bg.wasm` of the site; one file of JavaScript, `<folder>/<glue>.js`, serves them all. `boot` goes
 * beside them with that JavaScript in it; `bootsAlone`: nobody else imports it. `workspace`: where the crates are, if not here.
 */
export const parts = [
  {
    id: 'page',
    folder: 'page',
    glue: 'palaestra_page',
    modules: [{ name: 'palaestra_page', crate: 'palaestra-page' }],
    profile: 'small',
  },
  {
    id: 'verifier',
    folder: 'verifier',
    glue: 'palaestra_verifier',
    modules: [{ name: 'palaestra_verifier', crate: 'palaestra-verifier' }],
    profile: 'small',
    boot: 'worker/verifier/boot.js',
    bootsAlone: true,
  },
];

/** The part that plays environments, with a module for each family: a page downloads the one it plays. */
export const player = {
  id: 'worker',
  folder: 'worker',
  glue: 'palaestra_worker',
  modules: [],
  profile: 'worker',
  boot: 'worker/environment/boot.js',
};
