// The JavaScript that wasm-bindgen generates, of which the sources see only this: its build comes after their check.

/** What comes out of a module; the public types, www/palaestra.d.ts, say what is made of it. */
// biome-ignore lint/suspicious/noExplicitAny: the one place for what is generated.
type Generated = any;

declare module '*/palaestra_page.js' {
  export default function init(options: { module_or_path: Response }): Promise<WebAssembly.Exports>;
  /** Puts a guard before a call of the module; see crates/page/src/page.js. */
  export function callGuard(): <Call extends Generated>(call: Call, always?: boolean) => Call;
  export function configure(base: string, registry: string, load: (name: string) => Promise<unknown>): void;
  export const EnvHandle: Generated;
  export function errorClass(): new (code: string, message: string) => Error;
  export const GameHandle: Generated;
  export function liveSessions(): number;
  export function makeEnv(id: string, kwargs: unknown, options: unknown): Promise<Generated>;
  export function play(options: unknown): Generated;
  export const PainterHandle: Generated;
  export const RecordFile: Generated;
  export const RecordHandle: Generated;
}

declare module '*/palaestra_worker.js' {
  export default function init(options: { module_or_path: URL }): Promise<WebAssembly.Exports>;
  export function initSync(options: { module: WebAssembly.Module | ArrayBuffer }): WebAssembly.Exports;
  export function start(first: unknown): void;
}

declare module '*/palaestra_verifier.js' {
  export default function init(options: { module_or_path: Response }): Promise<unknown>;
  /** Packs a record: `job` is what the page has posted. What comes of it goes by `platform.tell`. */
  export function pack(platform: object, job: unknown): Promise<void>;
  export function register(platform: object): void;
}
