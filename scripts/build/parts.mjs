/**
 * What of the site is compiled. `crate` becomes `<folder>/<crate>.js` and `<folder>/<crate>_bg.wasm` of the site,
 * compiled with `profile` of Cargo.toml; `copy` goes beside them as it is.
 */
export const parts = [
  { id: 'page', folder: 'page', crate: 'palaestra-page', profile: 'small', features: [], copy: [] },
  {
    id: 'worker',
    folder: 'worker',
    crate: 'palaestra-worker',
    profile: 'release',
    features: [],
    copy: ['worker/environment/boot.js'],
  },
  {
    id: 'verifier',
    folder: 'verifier',
    crate: 'palaestra-verifier',
    profile: 'release',
    features: [],
    copy: ['worker/verifier/boot.js'],
  },
];

/** The same site with a Worker that tests can make panic, hang or fall silent; it is never shipped. */
export const faultyParts = parts.map((part) =>
  part.id === 'worker' ? { ...part, id: 'worker-faults', features: ['faults'] } : part,
);
