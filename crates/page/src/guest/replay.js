// A guest's record played again, in a Worker of its own: the same resets and actions, and lines that are the same or not.

/** Steps at once: of the slowest environments some seconds'. */
const AT_ONCE = 100;
const LOAD_MS = 180_000;
const STEP_MS = 60_000;

/** Lines of resets and steps, without what is the time's or the browser's. */
function linesOf(text, withHashes) {
  const lines = text.split('\n').filter((line) => /^\{"type":"(reset|step)"/.test(line));
  return lines.map((line) => {
    const played = line
      .replace(/^(\{"type":"step","t":\d+,"episode":\d+)(,"time":[^,]+)?(,"key_time":[^,]+)?/, '$1')
      .replace(/,"metrics":\{[^{}]*\}(?=(,"hash":"\w+")?\}$)/, '');
    return withHashes ? played : played.replace(/,"hash":"[0-9a-f]{16}"\}$/, '}');
  });
}

/** The seed as it stands in a line: a number of JavaScript's may not hold it. */
function seedOf(line) {
  const digits = /^\{"type":"reset","t":\d+,"seed":(\d+)/.exec(line)?.[1];
  return digits === undefined ? {} : { seed: BigInt(digits) };
}

/**
 * What a line says, with integers that a number does not hold as what does, where the browser tells how they were written.
 *
 * @param {string} text
 */
function read(text) {
  /** @type {(key: string, value: unknown, context?: { source?: string }) => unknown} */
  const exact = (_key, value, { source = '' } = {}) => (/^-?\d{16,}$/.test(source) ? BigInt(source) : value);
  return JSON.parse(text, exact);
}

/** The joint action of a step, as `step` takes it: in the record a single agent's stands in a list where what it sees does. */
function actionOf({ agents, spec }, { action }) {
  if (agents.length > 1) return Object.fromEntries(agents.map((agent, index) => [agent, action[index]]));
  return spec.observation === 'shared' ? action : action[0];
}

/**
 * What the replay of a record finds: `{identical, steps, message}`; `identical` is null where there was none, and the message says why.
 *
 * @param {string} text the record
 * @param {(id: string, kwargs: object, options: object) => Promise<any>} make
 */
export async function replayed(text, make) {
  const header = read(text.slice(0, text.indexOf('\n')));
  const expected = linesOf(text, true);
  let env;
  try {
    env = await make(header.env_id, header.kwargs, {
      record: true,
      save: false,
      loadTimeout: LOAD_MS,
      stepTimeout: STEP_MS,
    });
    for (let at = 0; at < expected.length; ) {
      const line = read(expected[at]);
      if (line.type === 'reset') {
        await env.reset({ ...seedOf(expected[at]), options: line.options ?? {} });
        at += 1;
        continue;
      }
      const block = expected.slice(at, at + AT_ONCE).map((other) => JSON.parse(other));
      const end = block.findIndex(({ type }) => type === 'reset');
      const steps = end < 0 ? block : block.slice(0, end);
      // It stops where an episode ends; steps beyond that are asked for anew.
      at += (await env.stepMany(steps.map((step) => actionOf(env, step)))).length || steps.length;
    }
    return compared(expected, await env.record().text());
  } catch (error) {
    const message = `not verifiable here: ${header.env_id}: ${error?.message ?? error}`;
    return { identical: null, steps: 0, message };
  } finally {
    await env?.close();
  }
}

function compared(expected, text) {
  const found = linesOf(
    text,
    expected.some((line) => /,"hash":"[0-9a-f]{16}"\}$/.test(line)),
  );
  const at = expected.findIndex((line, index) => line !== found[index]);
  const steps = expected.filter((line) => line.startsWith('{"type":"step"')).length;
  if (at < 0) return { identical: true, steps, message: `verified: ${steps} steps identical` };
  const [was, is] = [expected[at], found[at] ?? '{}'].map((line) => JSON.parse(line));
  const same = (name) => JSON.stringify(was[name]) === JSON.stringify(is[name]);
  const field = Object.keys({ ...was, ...is }).find((name) => !same(name)) ?? 'line';
  const shown = (line) => String(JSON.stringify(line[field])).slice(0, 200);
  const difference = `t=${was.t} field=${field} expected=${shown(was)} found=${shown(is)}`;
  return { identical: false, steps: 0, message: `verification failed: ${difference}` };
}
