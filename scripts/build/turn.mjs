import { join } from 'node:path';
import { nativeTargetDir } from '../lib/paths.mjs';
import { say } from '../lib/say.mjs';
import { inTurn } from '../lib/turn.mjs';

/**
 * Runs a build when no other one runs in this target folder: each writes its own crates, names and pictures where the last one did. Cargo by
 * itself would let two go on at once, and then compile one's crates for the other.
 *
 * @template Built
 * @param {() => Promise<Built>} body
 */
export const inTurnOfBuilds = (body) =>
  inTurn(join(nativeTargetDir, 'building'), body, {
    onWait: (pid) => say('note', 'build', `waits for that of process ${pid}, which has the same target folder`),
  });
