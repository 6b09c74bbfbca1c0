/** Whoever opens something leaves its release here; `release` runs them all, the last first. */
export function owner() {
  const releases = [];
  return {
    after: (release) => void releases.push(release),
    async release() {
      for (const release of releases.splice(0).reverse()) await release();
    },
  };
}
