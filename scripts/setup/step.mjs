import { inCi } from '../lib/ci.mjs';
import { CommandError } from '../lib/run.mjs';
import { progress, say } from '../lib/say.mjs';

/** Something that has to be there and cannot be put there by us; the message is the one line that says what to do. */
export class MissingError extends Error {
  constructor(step, message) {
    super(message);
    this.step = step;
  }
}

/** The line in a failed command's output that most likely says why. */
export function causeOf(error) {
  const lines = error.output.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /^(error|E:|npm error)/.test(line)) ?? lines.at(-1) ?? error.message).trim();
}

/**
 * Makes sure of one thing the project needs, and gives what `check` learnt of it.
 *
 * A step is `{ name, check, install, installing }`: `check` gives `{ note, value }` when the thing is there and undefined
 * when it is not; `install(update)` puts it there, or throws a `MissingError` that says who must do what. After an
 * installation the check is made again, so that "ok" is never only hoped.
 */
export async function ensure(step) {
  let found = await step.check();
  let took = '';
  if (!found) {
    const work = progress(step.name, step.installing);
    try {
      await step.install(work.update);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new MissingError(step.name, `${step.installing}: ${error.message}: ${causeOf(error)}`);
    } finally {
      took = `  (installed in ${work.done()})`;
    }
    found = await step.check();
    if (!found) throw new MissingError(step.name, `${step.installing}: it ended well, but nothing usable is there`);
  }
  say('ok', step.name, `${found.note}${took}`);
  return found.value;
}

/**
 * The same for something whose tests can be skipped, or what its `without` says: where it is missing, one line says so, and the work
 * goes on. In CI it must not be missing.
 */
export async function ensureIfPossible(step, required = inCi()) {
  try {
    return await ensure(step);
  } catch (error) {
    if (required || !(error instanceof MissingError)) throw error;
    say('note', step.name, `${step.without ?? 'its tests are skipped'}: ${error.message}`);
    return undefined;
  }
}
