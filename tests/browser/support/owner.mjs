import { after } from 'node:test';

/**
 * An owner of what several tests share: it releases everything, the last first, when they are over. Make it where tests
 * are declared; made in a hook it would be over with the hook.
 */
export function sharedOwner() {
  const releases = [];
  after(async () => {
    for (const release of releases.reverse()) await release();
  });
  return { after: (release) => releases.push(release) };
}
