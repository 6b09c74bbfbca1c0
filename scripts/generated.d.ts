// The JavaScript that wasm-bindgen generates, of which the sources see only this: its build comes after their check.

/** What comes out of a module; the public types, www/palaestra.d.ts, say what is made of it. */
// biome-ignore lint/suspicious/noExplicitAny: the one place for what is generated.
type Generated = any;

declare module '*/palaestra_page.js' {
  export default function init(options: { module_or_path: Response }): Promise<WebAssembly.Exports>;
  export function configure(registry: readonly object[], load: (name: string) => Promise<unknown>): void;
  export const EnvHandle: Generated;
  export const GameHandle: Generated;
  export function liveSessions(): number;
  export function makeEnv(id: string, kwargs: unknown, options: unknown): Promise<Generated>;
  export function modulesOf(options: unknown, played: unknown, experts: boolean): string[];
  export function openRollout(id: string, kwargs: unknown, options: unknown): Promise<Generated>;
  export function play(options: unknown, all: boolean): Generated;
  export const PainterHandle: Generated;
  export const RecordFile: Generated;
  export const RecordHandle: Generated;
  export function replayModules(id: string): unknown[];
  export const RolloutHandle: Generated;
}

/** Where the files are: see scripts/build/files.mjs. */
declare module '*/palaestra_files.js' {
  /** Of those beside the script, by path. */
  export const files: Record<string, () => URL>;
  /** Those within it, by path. */
  export const held: Record<string, string>;
  /** What to do where there is no file of a path. */
  export function advice(path: string): string;
  /** A script that not every page needs, by its path; `address` gives that of the file, where it is one. */
  export function importScript(path: string, address: (path: string) => string): Promise<Generated>;
}

declare module '*/palaestra_registry.js' {
  export const entries: readonly Generated[];
}

declare module '*/palaestra_preloads.js' {
  /** By an environment's id, the picture of its sprites, and whether a pointer plays it. */
  export const preloads: Record<string, { art?: string; pointer?: boolean }>;
}

declare module '*/palaestra_seat.js' {
  /** What seats policies: worker/policy/seat.js. */
  export function importSeat(address: string): Promise<Generated>;
}

declare module '*/palaestra_held.js' {
  /** The verifier's module, gzipped and in base64, where it is within the script. */
  export const held: string | undefined;
}

declare module '*/palaestra_worker.js' {
  export default function init(options: { module_or_path: Response }): Promise<WebAssembly.Exports>;
  export function initSync(options: { module: WebAssembly.Module | ArrayBuffer }): WebAssembly.Exports;
  export function start(first: unknown): void;
}

declare module '*/palaestra_guest.js' {
  export function initSync(options: { module: WebAssembly.Module | ArrayBuffer }): WebAssembly.Exports;
  /** Keyword arguments' bytes as JSON. */
  export function kwargsText(kwargs: Uint8Array): string;
  export function start(first: unknown): void;
  export function takePython(ask: (question: number, bytes: Uint8Array) => Uint8Array): void;
}

/** A file of Python, as text. */
declare module '*.py' {
  const text: string;
  export default text;
}

declare module '*/palaestra_verifier.js' {
  export default function init(options: { module_or_path: Response }): Promise<unknown>;
  /** Packs a record: `job` is what the page has posted. What comes of it goes by `platform.tell`. */
  export function pack(platform: object, job: unknown): Promise<void>;
  export function register(platform: object): void;
}

declare module '*/palaestra_export_module.js' {
  export default function init(options: { module_or_path: Response }): Promise<unknown>;
  /** Writes a table: `job` is what the page has posted. What comes of it goes by `platform.put`. */
  export function table(platform: object, job: unknown): Promise<void>;
}

declare module '*/palaestra_policy_module.js' {
  export function initSync(options: { module: WebAssembly.Module | ArrayBuffer }): unknown;
  export const SeatPolicy: Generated;
}
