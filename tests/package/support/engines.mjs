// The browsers of a file of tests.
import { launchEngine } from '../../../scripts/browser/engines.mjs';

/**
 * Gives a browser by its name. Each is started once, when it is first asked for, and `owner` ends it.
 *
 * @param {import('../../../scripts/browser/owner.mjs').Owner} owner
 */
export function enginesOf(owner) {
  const launched = new Map();
  return (name) => {
    if (!launched.has(name)) launched.set(name, launchEngine(name, owner));
    return launched.get(name);
  };
}
