// Everything the scripts print to people goes through here: one line per thing, and a sign of life while it works.

/** @type {NodeJS.WriteStream} */
let out = process.stdout;
let terminal = out.isTTY === true;

/** From now on all is said on standard error: what a program prints is for whoever reads its output. */
export function sayOnStandardError() {
  out = process.stderr;
  terminal = out.isTTY === true;
}

const quietSeconds = 15;
// Work within work: only the innermost shows that it lives.
const underWay = [];
const nameWidth = 16;

const paint = (code, text) => (terminal && !process.env.NO_COLOR ? `\x1b[${code}m${text}\x1b[0m` : text);
const marks = {
  ok: () => paint(32, 'ok     '),
  work: () => paint(36, '...    '),
  fail: () => paint(31, 'FAIL   '),
  missing: () => paint(31, 'missing'),
  note: () => paint(33, 'note   '),
};

const print = (text) => (out === process.stderr ? console.error(text) : console.log(text));

/** Prints one line: what happened, to what, and what is known of it. */
export function say(mark, name, text) {
  clearLine();
  print(`${marks[mark]()} ${name.padEnd(nameWidth)} ${text}`.trimEnd());
}

/** Prints a line as it is. */
export function plain(text = '') {
  clearLine();
  print(text);
}

function clearLine() {
  if (terminal) out.write('\r\x1b[K');
}

/** A time of so many milliseconds as people read it. */
export function seconds(ms) {
  const whole = Math.round(ms / 1000);
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 100_000) return `${whole} s`;
  return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** The time since `start` (a `Date.now()`), as people read it. */
export const since = (start) => seconds(Date.now() - start);

/**
 * Shows that something long is under way. `update` takes the worker's latest line: a terminal shows each at once, a log
 * shows one every quarter of a minute, so that a slow step is never mistaken for a stuck one.
 */
export function progress(name, text) {
  const start = Date.now();
  let latest = '';
  const work = {};
  underWay.push(work);
  say('work', name, text);
  const timer = setInterval(() => {
    if (underWay.at(-1) === work) say('work', name, `${since(start)}${latest ? `  ${latest}` : ''}`);
  }, quietSeconds * 1000);
  timer.unref();
  return {
    update(line) {
      latest = line.trim().slice(0, 100) || latest;
      if (terminal && underWay.at(-1) === work) {
        const width = (out.columns ?? 80) - 1;
        out.write(`\r\x1b[K${`        ${name.padEnd(nameWidth)} ${latest}`.slice(0, width)}`);
      }
    },
    done() {
      underWay.splice(underWay.indexOf(work), 1);
      clearInterval(timer);
      clearLine();
      return since(start);
    },
  };
}
