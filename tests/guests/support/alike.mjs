// An environment in Python beside ours: the same seed and actions.
import { linesOf } from '../../browser/support/demo.mjs';

/**
 * Plays two environments alike, in the page: gives the first difference, if any, how many steps and episodes there were, how long each took to
 * be made and to take a step, in milliseconds, and both records, with their tables. `actions`: how many there are of a Discrete space, or none: those of a Box
 * with one number.
 */
export const playedAlike = (page, ids, steps, actions) =>
  page.evaluate(
    async ([ids, steps, actions]) => {
      const made = [];
      const loading = [];
      for (const [id, kwargs] of ids) {
        const began = performance.now();
        made.push(await window.palaestra.make(id, kwargs, { record: true, stepTimeout: 30_000 }));
        loading.push(performance.now() - began);
      }
      const [guest, ours] = made;
      const bytes = (values) => {
        if (ArrayBuffer.isView(values)) return Array.from(values);
        return typeof values === 'object' ? Object.values(values).map(bytes) : values;
      };
      const shown = ({ observation, ...rest }) => JSON.stringify([bytes(observation), { ...rest, info: undefined }]);
      let [random, difference, episodes] = [7, undefined, 1];
      const times = [0, 0];
      const first = await Promise.all([guest.reset({ seed: 7 }), ours.reset({ seed: 7 })]);
      if (shown(first[0]) !== shown(first[1])) difference = { t: 0, found: first.map(shown) };
      let t = 0;
      while (t < steps && !difference) {
        const drawn = guest.agents.map((agent) => {
          random = (random * 48271) % 2147483647;
          return [agent, actions ? random % actions : [(random % 2001) / 1000 - 1]];
        });
        const action = drawn.length > 1 ? Object.fromEntries(drawn) : drawn[0][1];
        const returned = [];
        for (const [index, env] of [guest, ours].entries()) {
          const began = performance.now();
          returned.push(await env.step(action));
          times[index] += performance.now() - began;
        }
        t += 1;
        if (shown(returned[0]) !== shown(returned[1])) difference = { t, found: returned.map(shown) };
        const over = [returned[1].terminated, returned[1].truncated].some((flag) =>
          typeof flag === 'object' ? Object.values(flag).every(Boolean) : flag,
        );
        if (over) {
          episodes += 1;
          const again = await Promise.all([guest.reset(), ours.reset()]);
          if (shown(again[0]) !== shown(again[1])) difference ??= { t, found: again.map(shown) };
        }
      }
      const records = [guest, ours].map((env) => env.record());
      const texts = await Promise.all(records.map((record) => record.text()));
      const tables = [];
      for (const record of records) {
        const [csv, jsonl] = [await (await record.csv()).text(), await (await record.jsonl()).text()];
        const arrow = Array.from(new Uint8Array(await (await record.arrow()).arrayBuffer()));
        tables.push({ csv, jsonl, arrow });
      }
      await Promise.all([guest.close(), ours.close()]);
      return { difference, steps: t, episodes, loading, times: times.map((ms) => ms / t), texts, tables };
    },
    [ids, steps, actions],
  );

/** What a record says of resets and steps, but for hashes: states are written in other ways. */
export const played = (text) =>
  linesOf(text)
    .filter(({ type }) => type === 'reset' || type === 'step')
    .map(({ hash: _, ...line }) => line);

/** What a table says of steps, but for the environment's name and for what is said of the record: an object a row, of JSON Lines or CSV. */
export function rowsOf({ csv, jsonl }) {
  const own = ([name]) => !/^(env_id|file|header.*)$/.test(name);
  const rows = jsonl
    .trimEnd()
    .split('\n')
    .map((line) => Object.fromEntries(Object.entries(JSON.parse(line)).filter(own)));
  const [names, ...cells] = csv
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  const columns = names.map((name, at) => [name, cells.map((row) => row[at])]);
  return { rows, columns: Object.fromEntries(columns.filter(own)) };
}
