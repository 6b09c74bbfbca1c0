import { after } from 'node:test';

/** @typedef {{ after(release: () => unknown): void }} Owner whoever opens something: a test's context is one */

/** Whoever opens something leaves its release here; `release` runs them all, the last first, even if one of them fails. */
export function newOwner() {
  const releases = [];
  return {
    after: (release) => void releases.push(release),
    async release() {
      const faults = [];
      for (const release of releases.splice(0).reverse()) {
        try {
          await release();
        } catch (error) {
          faults.push(error);
        }
      }
      if (faults.length > 0) throw faults[0];
    },
  };
}

/**
 * An owner of what several tests share: it releases everything when they are over. Make it where tests are declared; made in
 * a hook it would be over with the hook.
 */
export function sharedOwner() {
  const owner = newOwner();
  after(owner.release);
  return owner;
}
