// What the type checker cannot find by itself: what tests and benchmarks put on their pages, and files that only the build has.

/**
 * What a page under test holds and a test looks at from outside, often in a way that the public types refuse on purpose. The tests
 * check it as they run; here it is only said that it is there.
 */
// biome-ignore lint/suspicious/noExplicitAny: the one place for what is looked at from outside.
type OnPage = any;

interface Window {
  /** Of every page that the tools open: scripts/browser/until.mjs. */
  until: typeof import('./browser/until.mjs').until;
  within: typeof import('./browser/until.mjs').within;

  /** What becomes of a promise, and one that a test has begun. */
  outcome(promise: Promise<unknown>): Promise<OnPage>;
  over: Promise<OnPage>;
  /** The module under test, and the last game, environment and record. */
  palaestra: OnPage;
  game: OnPage;
  env: OnPage;
  record: OnPage;
  /** `palaestra/data`, and what a page was told and has heard. */
  data: OnPage;
  told: OnPage;
  heard: OnPage;
  finished: OnPage;
  pressed: number;

  /** tests/browser/pages */
  loading: Promise<unknown>;
  settle: OnPage;
  attempt: OnPage;
  recordOf: OnPage;
  hashesOf: OnPage;
  gameOf: OnPage;
  playBriefly: OnPage;
  violations: string[];
  begin: OnPage;
  views: OnPage[];
  rows: OnPage[];
  states: string[];
  start: OnPage;
  ready: boolean;

  /** Single tests, for themselves. */
  pad: OnPage;
  axe: OnPage;
  compiled: WebAssembly.Module;
  spawn: OnPage;
  made: OnPage;
  playing: OnPage;
  resetOf: OnPage;
  hearFor: OnPage;
  request: OnPage;
  read: OnPage;
  worker: Worker;
  kept: unknown;
  weak: WeakRef<object>[];
  panic(game: OnPage): void;
  patient: OnPage;
  hasty: OnPage;
  events: OnPage[];
  lifecycle: string[];
  broken: unknown;
  quicken(): void;
  realTimeout: typeof setTimeout;
  sleep(ms: number): void;
  controller: AbortController;
  leaving: AbortController;
  stalledAt: number;
  show(hidden: boolean): void;
  hide(hidden: boolean): void;
  connections: RTCPeerConnection[];
  given: string[];
  ports: MessagePort[];
  closedPorts: number;
  mute: boolean;
  spectator: OnPage;
  lostAt: number;

  /** Benchmarks, for themselves. */
  painted: Promise<number>;
  times: number[];
  soak: OnPage;
  recorded: OnPage;
  asked: OnPage;
  steps: OnPage;
  rollout: OnPage;
  python: OnPage;
  actions: OnPage;
  ort: OnPage;
  session: OnPage;
}

/** What lies on the pages of tests and benchmarks. */
interface Document {
  getElementById(id: 'canvas' | 'latency'): HTMLCanvasElement;
  getElementById(id: 'save'): HTMLAnchorElement;
  getElementById(id: 'pause' | 'end'): HTMLButtonElement;
  getElementById(id: 'inspector'): HTMLDetailsElement;
}

/** What some browsers have and no standard. */
interface Performance {
  memory?: { usedJSHeapSize: number };
}
interface Navigator {
  keyboard?: { getLayoutMap(): Promise<Map<string, string>> };
}

/** Functions that run in a page of the benchmarks import these by their address there. */
declare module '*/palaestra.js' {
  export * from 'palaestra';
}
declare module '*/pacing.js' {
  export * from 'bench/pacing.js';
}
declare module '*/record.js' {
  export * from 'bench/record.js';
}
declare module '*/rewind.js' {
  export * from 'bench/rewind.js';
}
declare module '*/roundtrip.js' {
  export * from 'bench/roundtrip.js';
}
declare module '*/soak.js' {
  export * from 'bench/soak.js';
}
declare module '*/spawn.js' {
  export * from 'bench/spawn.js';
}
declare module '*/steps.js' {
  export * from 'bench/steps.js';
}
declare module '*/pyodide.mjs' {
  export * from 'pyodide';
}
