// The calls of the page's module: where it fails, a page gets an error of ours, at that call and at each later one.
import { EnvHandle, GameHandle, liveSessions, makeEnv, modulesOf } from '../palaestra_page.js';
import { openRollout, PainterHandle, play, replayModules } from '../palaestra_page.js';
import { RecordFile, RecordHandle, RolloutHandle } from '../palaestra_page.js';
import { guarded } from '../page.js';

export { GameHandle, PainterHandle };

for (const handle of [EnvHandle, GameHandle, PainterHandle, RecordHandle, RecordFile, RolloutHandle]) {
  const handedOver = handle === RecordHandle || handle === RecordFile;
  for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(handle.prototype))) {
    if (name === 'constructor') continue;
    const own = get ? { get: guarded(get, handedOver) } : { value: guarded(value, handedOver) };
    Object.defineProperty(handle.prototype, name, own);
  }
}

export const startGame = guarded(play);
export const beginEnv = guarded(makeEnv);
export const beginRollout = guarded(openRollout);
export const countSessions = guarded(liveSessions);
export const filesOf = guarded(modulesOf);
export const modulesThatReplay = guarded(replayModules, true);
