import { say } from './say.mjs';
import { MissingError } from '../setup/step.mjs';

/** A failure that is the user's to mend and needs one line, no stack. `details` is what was printed above that line. */
export class PlainError extends Error {
  constructor(about, message, details = '') {
    super(message);
    this.about = about;
    this.details = details;
  }
}

/** Runs a script's main function; what is missing or failed becomes one line and exit code 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (error instanceof MissingError) say('missing', error.step, error.message);
    else if (error instanceof PlainError) say('fail', error.about, error.message);
    else console.error(error);
    process.exitCode = 1;
  }
}
