import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';

/** What a replay goes by. Everything else in a record tells who made it, or helps those who look for a difference. */
const played = [
  ...['type', 'env_id', 'kwargs', 'seed', 't', 'options', 'action', 'obs'],
  ...['reward', 'terminated', 'truncated', 'info', 'changes'],
];

function essence(bytes) {
  const lines = gunzipSync(bytes).toString('utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const content = JSON.parse(line);
    return played.map((key) => content[key]);
  });
}

/** Whether two gzipped records hold the same game, whoever made them. */
export const sameGame = (a, b) => a.equals(b) || isDeepStrictEqual(essence(a), essence(b));

/**
 * Copies the records below `from` to the same places below `to`, but for those that hold the same game as the file that is
 * there. Gives `{ same, written }`: paths, and of what was written whether it was there before.
 */
export async function bring(from, to) {
  const [same, written] = [[], []];
  const files = (await readdir(from, { recursive: true })).filter((file) => file.endsWith('.gz')).sort();
  for (const file of files) {
    const [source, target] = [join(from, file), join(to, file)];
    const was = existsSync(target);
    if (was && sameGame(readFileSync(source), readFileSync(target))) {
      same.push(file);
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(source, target);
    written.push({ file, was });
  }
  return { same, written };
}
