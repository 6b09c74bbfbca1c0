// Where studies keep their data: what takes a record there and comes back when it has arrived. `palaestra/data`; see docs/saving.md.
//
// Each takes a `GameRecord`, or what `recover()` gives. What the browser keeps of it is deleted when it has arrived, and not before.
import { optionProblem } from '../crates/page/src/options.js';

/** Why a record did not arrive. `status` is the answer's, where there was one; `reason` is the receiver's own word. */
export class DataError extends Error {
  constructor(message, { status, reason } = {}) {
    super(message);
    this.name = 'DataError';
    this.code = 'not_sent';
    this.status = status ?? null;
    this.reason = reason ?? null;
  }
}

const keep = { keep: true };
/** `binary`: what is no text, and goes as base64 where only text goes. */
const FORMATS = {
  record: { ending: 'jsonl.gz', binary: true, take: (record) => record.blob(keep) },
  text: { ending: 'jsonl', take: async (record) => new Blob([await record.text(keep)]) },
  csv: { ending: 'csv', take: (record) => record.csv(keep) },
  jsonl: { ending: 'steps.jsonl', take: (record) => record.jsonl(keep) },
  arrow: { ending: 'arrow', binary: true, take: (record) => record.arrow(keep) },
  minari: { ending: 'minari.zip', binary: true, take: (record) => record.minari(keep) },
};
const isBinary = (format) => Boolean(FORMATS[format]?.binary);

/** How long an answer may take, beside the time that a slow line needs for what is sent: so many bytes in a millisecond. */
const ANSWER_MS = 30_000;
const SLOWEST = 25;
const ATTEMPTS = 7;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** What may pass: the receiver is busy, or another request was faster. */
const PASSING = [408, 425, 429];

const INSISTING = ['attempts', 'firstWait', 'onWait'];

/** Options that nobody knows are mistakes: what was meant would not happen, and the copy in the browser would go all the same. */
function only(place, options, known) {
  const problem = optionProblem(place, options, known);
  if (problem) throw new DataError(problem);
}

/** A record in a format, and a name for it that no other game has. */
async function fileOf(record, { format, filename }) {
  if (!Object.hasOwn(FORMATS, format)) {
    throw new DataError(`format: expected one of ${Object.keys(FORMATS).join(', ')}, found ${format}`);
  }
  const { ending, take } = FORMATS[format];
  const blob = await take(record);
  // A record is plain where the Worker that packs it could not be had.
  const plain = format === 'record' && blob.type === 'application/jsonl';
  const own = (await record.filename()).replace(/\.jsonl(\.gz)?$/, '');
  const unique = crypto.getRandomValues(new Uint32Array(2)).reduce((text, number) => text + number.toString(36), '');
  return { blob, name: filename ?? `${own}.${unique}.${plain ? 'jsonl' : ending}` };
}

/** It has arrived. */
const arrived = (record) => (record.discard ? record.discard() : record.delete());

/**
 * Tries until it is done. `send` is told which attempt it is, and says with `permanent` of an error that no other attempt will help.
 *
 * @template T
 * @param {(attempt: number) => Promise<T>} send
 * @param {{ attempts?: number, firstWait?: number, onWait?: (error: Error) => void }} options
 */
async function insist(send, { attempts = ATTEMPTS, firstWait = FIRST_WAIT_MS, onWait } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(attempt);
    } catch (error) {
      const known = error instanceof DataError ? error : new DataError(String(error?.message ?? error));
      if (error?.permanent || attempt >= attempts) throw known;
      onWait?.(known);
      const longest = Math.min(firstWait * 2 ** (attempt - 1), LONGEST_WAIT_MS);
      await new Promise((done) => setTimeout(done, longest * (0.5 + Math.random() / 2)));
    }
  }
}

const permanent = (error) => Object.assign(error, { permanent: true });

/** Posts a Blob; rejects for every answer but a success, in a way that `insist` understands. */
async function posted(url, { body, headers }) {
  const signal = AbortSignal.timeout(ANSWER_MS + Math.ceil(body.size / SLOWEST));
  const response = await fetch(url, { method: 'POST', body, headers, signal });
  const text = await response.text();
  if (response.ok) return text;
  const { status } = response;
  let reason;
  try {
    reason = JSON.parse(text).error;
  } catch {
    // A page for people, from something in between.
  }
  const error = new DataError(`${url}: expected a success, found status ${status}${reason ? ` (${reason})` : ''}`, {
    status,
    reason,
  });
  throw status >= 400 && status < 500 && !PASSING.includes(status) ? permanent(error) : error;
}

/** A file's name as a header has it: in letters that every server reads, and where it has others as it is, too (RFC 6266). */
function dispositionOf(name) {
  const safe = name.replace(/[^\w.+-]/g, '_');
  if (safe === name) return `attachment; filename="${safe}"`;
  const escaped = (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  const whole = encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd')).replace(/['()*]/g, escaped);
  return `attachment; filename="${safe}"; filename*=UTF-8''${whole}`;
}

/**
 * Posts a record's file to an address of one's own, as the body of one request. Gives what that answers.
 *
 * @param {any} record
 * @param {any} options
 */
export async function post(record, options) {
  only('post', options, ['url', 'format', 'filename', 'headers', ...INSISTING]);
  const { url, format = 'record', filename, headers = {}, ...more } = options;
  if (!url) throw new DataError('post: expected the address to post to as url, found none');
  const { blob, name } = await fileOf(record, { format, filename });
  const ours = { 'content-disposition': dispositionOf(name) };
  const answer = await insist(() => posted(url, { body: blob, headers: { ...ours, ...headers } }), more);
  await arrived(record);
  return answer;
}

/** What DataPipe takes at a time; longer files vanished (jspsych/datapipe#148). */
const DATAPIPE_MOST = 32 * 1000 * 1000;
/** Its word for a name that is there already, and for a trouble of the OSF's that may pass (jspsych/datapipe, functions/api-messages.js). */
const FILE_EXISTS = 'OSF_FILE_EXISTS';
const UPLOAD_ERROR = 'OSF_UPLOAD_ERROR';

const base64 = (blob) =>
  /** @type {Promise<string>} */ (
    new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(blob);
    })
  );

/**
 * Sends a record to DataPipe, which puts it into an OSF component: https://pipe.jspsych.org. Text, CSV and JSON Lines go by its `api/data/`, the
 * gzipped record, Arrow and Minari by `api/base64/`, which an experiment has to allow. Both answer 201, or 400 with `{error, message}`
 * (jspsych/datapipe, functions/api-data.js and api-base64.js).
 *
 * @param {any} record
 * @param {any} options
 */
export async function toDataPipe(record, options) {
  only('toDataPipe', options, ['experimentID', 'format', 'filename', 'url', ...INSISTING]);
  const { experimentID, format = 'csv', filename, url = 'https://pipe.jspsych.org', ...more } = options;
  if (!experimentID) throw new DataError("toDataPipe: expected the experiment's id as experimentID, found none");
  const { blob, name } = await fileOf(record, { format, filename });
  const binary = isBinary(format);
  const data = binary ? await base64(blob) : await blob.text();
  const body = new Blob([JSON.stringify({ experimentID, filename: name, data })]);
  if (body.size > DATAPIPE_MOST) {
    const advice = 'send the record itself with format: "record", or to a server of your own';
    throw new DataError(`DataPipe takes at most ${DATAPIPE_MOST} bytes, found ${body.size}: ${advice}`);
  }
  const address = new URL(binary ? '/api/base64/' : '/api/data/', url).href;
  let unanswered = false;
  await insist(async () => {
    try {
      await posted(address, { body, headers: { 'content-type': 'application/json', accept: '*/*' } });
    } catch (error) {
      // The attempt before had arrived, and only its answer was lost: no other game has this name.
      if (error.reason === FILE_EXISTS && unanswered && filename === undefined) return;
      if (error.reason === UPLOAD_ERROR) error.permanent = false;
      unanswered ||= error.status === undefined || error.status === null || error.status >= 500;
      throw error;
    }
  }, more);
  await arrived(record);
  return name;
}

/**
 * Gives a record to JATOS: as a result file (`jatos.uploadResultFile`), or, with `as: 'data'`, as a piece of the component's result data
 * (`jatos.appendResultData`). Both try again by themselves, and give promises (jatos.js reference, "Result data", "Result files").
 *
 * @param {any} record
 * @param {any} options
 */
export async function toJatos(record, options = {}) {
  only('toJatos', options, ['jatos', 'as', 'format', 'filename']);
  const { jatos = globalThis.jatos, as = 'file', format, filename } = options;
  if (!jatos?.uploadResultFile) throw new DataError('JATOS: expected the page to have jatos.js loaded, found none');
  if (as !== 'file' && as !== 'data') throw new DataError(`as: expected file or data, found ${as}`);
  if (as === 'data' && isBinary(format)) {
    throw new DataError(`JATOS: expected text for its result data, found format ${format}: that goes as a file`);
  }
  const { blob, name } = await fileOf(record, { format: format ?? (as === 'file' ? 'record' : 'jsonl'), filename });
  const failed = (reason) =>
    new DataError(`JATOS: expected it to take ${name}, found: ${reason ?? 'a refusal'}`, { reason });
  // jQuery's promises, in older versions, and their errors are no errors.
  const done = (promise) => new Promise((resolve, reject) => promise.then(resolve, (reason) => reject(failed(reason))));
  await done(as === 'file' ? jatos.uploadResultFile(blob, name) : jatos.appendResultData(await blob.text()));
  await arrived(record);
  return name;
}

/**
 * Tells the other members of a JATOS group how a game went (`jatos.sendGroupMsg`). The channel acknowledges nothing, and is for small
 * messages: it is not for data. Gives what was told; rejects where no channel is open.
 *
 * @param {any} record
 * @param {any} options
 */
export async function tellJatosGroup(record, options = {}) {
  only('tellJatosGroup', options, ['jatos', 'more']);
  const { jatos = globalThis.jatos, more = {} } = options;
  if (!jatos?.hasOpenGroupChannel?.()) throw new DataError('JATOS: expected an open group channel, found none');
  const told = {
    type: 'palaestra',
    env_id: record.header?.env_id ?? record.envId,
    steps: record.steps,
    returns: record.returns ?? null,
    reason: record.reason ?? null,
    ...more,
  };
  jatos.sendGroupMsg(told);
  return told;
}

/**
 * Puts a record among jsPsych's own data, as a row of its own (`jsPsych.data.write`), to go wherever the experiment's data go.
 *
 * @param {any} record
 * @param {any} options
 */
export async function toJsPsych(record, options) {
  only('toJsPsych', options, ['jsPsych', 'format', 'data']);
  const { jsPsych, format = 'csv', data = {} } = options;
  if (typeof jsPsych?.data?.write !== 'function')
    throw new DataError('jsPsych: expected what initJsPsych() gave, found none');
  const { blob, name } = await fileOf(record, { format, filename: undefined });
  const text = isBinary(format) ? await base64(blob) : await blob.text();
  const row = {
    palaestra: format,
    filename: name,
    env_id: record.header?.env_id ?? record.envId,
    steps: record.steps,
    data: text,
    ...data,
  };
  jsPsych.data.write(row);
  await arrived(record);
  return row;
}
