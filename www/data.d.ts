// Types of `palaestra/data`: where studies keep their data. See docs/saving.md.
import type { GameRecord, Leftover } from './palaestra.js';

/** A record: of a game, or what `recover()` gives. */
export type AnyRecord = GameRecord | Leftover;

/**
 * What is sent: `record`, the record itself (gzipped JSON Lines, which `palaestra verify` takes); `text`, the same not gzipped; `csv`, `jsonl`,
 * `arrow` and `minari` (a zip), its steps, as `palaestra export` writes them.
 */
export type DataFormat = TextFormat | 'record' | 'arrow' | 'minari';
/** Those that are text. */
export type TextFormat = 'text' | 'csv' | 'jsonl';

/** Why a record did not arrive. What the browser keeps of it is still there. */
export class DataError extends Error {
  readonly name: 'DataError';
  readonly code: 'not_sent';
  /** The answer's status; null where there was no answer. */
  readonly status: number | null;
  /** The receiver's own word for it, such as DataPipe's `SESSION_LIMIT_REACHED`. */
  readonly reason: string | null;
}

export interface Insistence {
  /** How often it is tried: 7 times by default, over about a minute. */
  attempts?: number;
  /** Milliseconds before the second attempt, 1000 by default; the waits double. */
  firstWait?: number;
  /** Hears of each attempt that failed and is made again. */
  onWait?(error: DataError): void;
}

/** Posts a record's file as the body of one request; resolves to what is answered. */
export function post(
  record: AnyRecord,
  options: { url: string; format?: DataFormat; filename?: string; headers?: Record<string, string> } & Insistence,
): Promise<string>;

/** Sends a record to DataPipe; resolves to the file's name there. CSV by default. `url` is for a service of one's own. */
export function toDataPipe(
  record: AnyRecord,
  options: { experimentID: string; format?: DataFormat; filename?: string; url?: string } & Insistence,
): Promise<string>;

/** What is asked of `jatos.js`. */
export interface Jatos {
  uploadResultFile(file: Blob | string | object, filename: string): PromiseLike<unknown>;
  appendResultData(data: string | object): PromiseLike<unknown>;
  hasOpenGroupChannel?(): boolean;
  sendGroupMsg?(message: unknown): void;
}

/** Gives a record to JATOS, as a result file or among the component's result data, which take text; resolves to the file's name. */
export function toJatos(
  record: AnyRecord,
  options?: { jatos?: Jatos; filename?: string } & (
    | { as?: 'file'; format?: DataFormat }
    | { as: 'data'; format?: TextFormat }
  ),
): Promise<string>;

/** Tells the other members of a JATOS group how a game went; resolves to what was told. */
export function tellJatosGroup(record: AnyRecord, options?: { jatos?: Jatos; more?: object }): Promise<object>;

/** Puts a record among jsPsych's own data, as text or, what is none, as base64; resolves to the row. */
export function toJsPsych(
  record: AnyRecord,
  options: { jsPsych: { data: { write(row: object): void } }; format?: DataFormat; data?: object },
): Promise<object>;
