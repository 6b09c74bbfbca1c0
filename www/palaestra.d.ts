// Types of palaestra.js, and of the scripts that have everything within them (`palaestra/inline`).
//
// Importing it loads nothing else: the module that does the work comes with the first `init`, `make` or `play`.

export interface InitOptions {
  /**
   * The folder with the files of the package, where they are not beside the script: `page/`, `worker/`, `verifier/`, `export/`, `policy/`,
   * `art/`.
   */
  base?: string | URL;
  /** The same file by file: from a path such as `worker/boot.js` to an address. */
  locateFile?(path: string): string | URL;
}

/**
 * Loads the module that does the work. `make`, `play` and `watch` do so as well, so it need not be called: a page that wants to know early, or
 * whose files are elsewhere, calls it. Rejects with `load_failed`, a minute later at most; called again, it tries again. Rejects with
 * `out_of_order` where it is told of another place after something was loaded.
 */
export function init(options?: InitOptions): Promise<void>;

/** Why a promise was rejected. `code` is for programs, `message` says what was expected and what came. */
export class PalaestraError extends Error {
  readonly name: 'PalaestraError';
  readonly code: ErrorCode;
}

/**
 * Why something failed. `panicked` is an environment's Worker; or the module of the page itself, which then says so on the console: every
 * session is over, its Worker gone, and each promise that was pending and each later call rejects or throws it. Records can still be had:
 * those that were handed over before, and of what was played up to there (`finished` resolves, and `env.record()` gives one).
 */
export type ErrorCode =
  | 'unknown_environment'
  | 'bad_argument'
  | 'bad_action'
  | 'out_of_order'
  | 'bad_state'
  | 'bad_message'
  | 'panicked'
  | 'worker_failed'
  | 'deadline_exceeded'
  | 'session_closed'
  | 'load_failed'
  | 'record_full'
  | 'match_failed'
  | 'guest_failed'
  | 'unsupported'
  | 'not_kept'
  | 'not_sent';

/** A JSON value: keyword arguments and reset options are made of it. A bigint is an integer of up to 64 bits. */
export type Json = null | boolean | number | bigint | string | Json[] | { [name: string]: Json };

export type DType = 'float32' | 'float64' | 'uint8' | 'int8' | 'int32' | 'int64';

/** Gymnasium's spaces. */
export type Space =
  | { readonly type: 'Discrete'; readonly n: number; readonly start: number }
  /** `low` and `high` hold one bound for all elements, or one an element in row-major order. */
  | {
      readonly type: 'Box';
      readonly low: number[];
      readonly high: number[];
      readonly shape: number[];
      readonly dtype: DType;
    }
  | { readonly type: 'MultiDiscrete'; readonly nvec: number[] }
  | { readonly type: 'MultiBinary'; readonly n: number }
  | { readonly type: 'Tuple'; readonly spaces: Space[] }
  | { readonly type: 'Dict'; readonly spaces: { readonly [name: string]: Space } }
  | { readonly type: 'Text'; readonly min_length: number; readonly max_length: number; readonly charset?: string }
  | { readonly type: 'Sequence'; readonly space: Space }
  | { readonly type: 'OneOf'; readonly spaces: Space[] }
  /** Python's None and bool, where a reference's observation is a Python object. */
  | { readonly type: 'None' }
  | { readonly type: 'Bool' };

/** The elements of a Box in row-major order; the shape stands in the space. */
export type Tensor = Float32Array | Float64Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** A member of a space. A Box is a Tensor, a Dict an object, a Tuple or a Sequence an array, an absent optional `null`. */
export type Observation = number | string | boolean | null | Tensor | Observation[] | { [name: string]: Observation };

/**
 * A number for a Discrete space, an array or a typed array of numbers for a Box or a MultiBinary, objects and arrays for Dict and Tuple, a
 * boolean for a flag, `null` for None. Integers of up to 2^53 - 1, also as a bigint.
 */
export type Action =
  | null
  | boolean
  | number
  | bigint
  | string
  | ArrayLike<number>
  | BigInt64Array
  | Action[]
  | { [name: string]: Action };

/** A single agent's value as it is; several agents' keyed by agent, as in PettingZoo's parallel API. */
export type ByAgent<T> = T | { [agent: string]: T };

/** An environment's names, spaces and limits. */
export interface Spec {
  readonly id: string;
  readonly agents: readonly string[];
  readonly actionSpaces: readonly Space[];
  readonly observationSpaces: readonly Space[];
  /** What `info` holds after a reset, and after a step. */
  readonly resetInfo: Space;
  readonly stepInfo: Space;
  /** Whether all agents have the same: it decides whether a record holds one value or a list. */
  readonly observation: 'shared' | 'per_agent';
  /** Whether numbers beyond the bounds of a Box of actions are played too: the environment clips them. */
  readonly clipsActions: boolean;
  readonly reward: 'shared' | 'per_agent';
  readonly ended: 'shared' | 'per_agent';
  /** Steps after which an episode is truncated. */
  readonly maxEpisodeSteps?: number;
  /** The reference's own pace, in steps a second. */
  readonly renderFps: number;
  /** The scene's width over its height. */
  readonly aspect: number;
  readonly atlas?: { readonly image: string; readonly columns: number; readonly rows: number };
}

/** A registered environment. */
export interface RegistryEntry {
  readonly id: string;
  /** The family, whose module a page downloads to play any of its environments. */
  readonly family: string;
  readonly title: string;
  /** What of the family's code only this environment and a few like it need: a file beside the family's module. */
  readonly part?: string;
  /** Where somebody knows how to play it, so that `'expert'` can have a seat: a file beside the family's module. */
  readonly expert?: string;
  readonly agents: number;
  /** The integer arguments that say so: for each more that one of them is given than its default, there is an agent more. */
  readonly agentsFrom: readonly string[];
  /** The agents' names as they are without keyword arguments, where they are others than `agent_0`, `agent_1`, …; `seats` may be named by them. */
  readonly agentNames?: readonly string[];
  /** For each of `agentsFrom`, what the names of the agents begin with that it adds. */
  readonly agentKinds?: readonly string[];
  /** The pace at which people play it well, in steps a second. */
  readonly fps: number;
  /** Sets of keys: for the first person at the keyboard, for the second, …; or for each agent, see `keysGoWithSeats`. Of a set an agent has the keys whose actions it can take. */
  readonly keys: readonly (readonly {
    readonly keys: string;
    readonly action: number | number[];
    readonly label: string;
  }[])[];
  /** Whether each agent has a set of keys of its own, whoever plays it. */
  readonly keysGoWithSeats: boolean;
  readonly inputMode: InputMode;
  /** The actions of a seat whose keys are at rest, one after another, but for those that it cannot take; none: the game waits for a key. */
  readonly idle: readonly (number | number[])[];
  /** The keyword arguments of `make`. */
  readonly arguments: readonly ArgumentEntry[];
}

export type ArgumentEntry = { readonly name: string } & (
  | { readonly kind: 'bool'; readonly default: boolean }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number; readonly default: number }
  | { readonly kind: 'number'; readonly default: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly default: string }
  | { readonly kind: 'text' }
  | { readonly kind: 'object' }
);

export type InputMode = 'pressed_keys' | 'single_keystroke';

/** Every registered environment by id. */
export const registry: ReadonlyMap<string, RegistryEntry>;

/** Words about an environment, for people. */
export interface Description {
  /** What to do, for a participant. */
  readonly summary: string;
  readonly familyTitle: string;
  /** What to call each agent and its colour in the picture, `#rrggbb`; empty where they need no names. */
  readonly appearances: readonly { readonly name: string; readonly colour: string }[];
  /** What each keyword argument is for, by its name. */
  readonly arguments: { readonly [name: string]: string };
  /** The agents' names, and each one's spaces in words, as they are without keyword arguments. */
  readonly agentNames: readonly string[];
  readonly actionSpaces: readonly string[];
  readonly observationSpaces: readonly string[];
  /** What the numbers of actions and observations mean, and what earns and ends; absent where its author has not said so. */
  readonly manual?: Manual;
}

/** What the numbers of an environment mean, in words. What does not apply is empty. */
export interface Manual {
  /** What each action does, or each number of an action that has several. */
  readonly actions: readonly Meaning[];
  /** What each number of an observation is, with its unit and range. */
  readonly observation: readonly Meaning[];
  /** What a step earns. */
  readonly reward: string;
  /** How an episode begins, and what `reset` takes to begin it otherwise. */
  readonly start: string;
  /** When an episode is terminated, and when truncated. */
  readonly ends: string;
  /** What `info` holds. */
  readonly info: string;
  /** How the ids of one game, or the versions of one id, differ. */
  readonly versions: string;
  /** Which implementation it follows, with its version. */
  readonly source: string;
}

/** What one action or number means, or a few: `at` is `4`, `4–7`, or a name such as `image[i][j][0]`. */
export interface Meaning {
  readonly at: string;
  readonly what: string;
}

/** Words about every registered environment by id, from a file of their own. Rejects with `load_failed`. */
export function descriptions(): Promise<ReadonlyMap<string, Description>>;

/** How many sessions the page holds; none once all are disposed of. */
export function liveSessions(): number;

/** Those of `play`, as the game will have them, and: */
export interface PreloadOptions extends Partial<PlayOptions> {
  /** Whether `make` is to have what it needs, in place of a game; not by default, and not with options of a game. */
  make?: boolean;
  /** Milliseconds until it is given up; 60000 by default. */
  loadTimeout?: number;
  /** Gives it up at any time. */
  signal?: AbortSignal;
}

/**
 * Loads and compiles what an environment needs, so that `play` and `make` find it done: the page's module, the Worker's script, the
 * family's module, what reads options, and the picture that sprites are cut from. With options of `play` also what these need: experts, models
 * and their manifests, the bar of `controls`, pads, what plays a match. They are read as `play` reads them, so a mistake in them is told here;
 * no canvas needs to be there. A game with the same options loads nothing more before its first picture. Asked again it loads nothing twice.
 * Models stay in memory for as long as the page does.
 *
 * Rejects with `unknown_environment`, `bad_argument`, `load_failed`, `deadline_exceeded` or `session_closed`.
 */
export function preload(id: string, options?: PreloadOptions): Promise<void>;

/** What a page has to say of a session, for the header of its record. */
export interface Said {
  /** Who takes part: 1 to 128 characters that can be seen, with single spaces at most between them. Others throw `bad_argument`. */
  participant?: string;
  /** The condition of an experiment, as the study names it: JSON of at most 64 KiB. */
  condition?: Json;
  /** Whatever else the record is to hold: JSON of at most 64 KiB, at most 100 deep. */
  notes?: Json;
}

/**
 * The keyword arguments of an environment in Python, which `make` and `play` take under an id that begins with `guest/`. Addresses are
 * relative to the page. See docs/guests.md.
 */
export interface GuestKwargs {
  /** The address of a module of Python. */
  module?: string;
  /** Its text, in place of an address. */
  source?: string;
  /**
   * The class or function that makes the environment: a name in the module; without a module `'package.module:Name'`, or an id for
   * `gymnasium.make`. By default the module's `make`, or the one environment in it.
   */
  entry?: string;
  /** Addresses of files that the module finds beside itself: other modules, levels, tables. */
  files?: string[];
  /** Wheels by their addresses, and names: of Pyodide's distribution, or of PyPI. NumPy is always there. */
  packages?: string[];
  /** The folder with `pyodide.mjs`; by default that of a fixed version at jsDelivr. */
  pyodide?: string;
  /** The environment's own arguments. */
  kwargs?: { [name: string]: Json };
  /** Steps after which an episode is truncated. */
  max_episode_steps?: number;
  /** The picture's width over its height; by default that of Multi-User Gymnasium's Surface, or 1.5. */
  aspect?: number;
}

/** How far the loading of an environment in Python is: of a phase, so many parts out of so many. */
export interface GuestProgress {
  phase: 'Pyodide' | 'packages' | 'module';
  done: number;
  of: number;
}

/** With `record: true`, `participant`, `condition` and `notes` go into the record's header. */
export interface MakeOptions extends Said {
  /** Closes the environment at any time, also while it loads. */
  signal?: AbortSignal;
  /** Milliseconds until loading is given up, of the page's module where that is to come, and then of the environment; 60000 by default. */
  loadTimeout?: number;
  /** Milliseconds until a step is given up and the Worker with it; 5000 by default. */
  stepTimeout?: number;
  /** Whether everything that is played is kept, for `record()`. Such an environment takes no `restore` and no `autoreset`. */
  record?: boolean;
  /** Of an environment in Python, `guest/…`: is told how loading goes. Refused of others. */
  onProgress?: (progress: GuestProgress) => void;
  /** What becomes of the record while it grows: as of `play`. An environment has no end of its own: its record stays `unfinished`. */
  save?: SaveOption;
  /**
   * Whether steps go through shared memory where the page is cross-origin isolated; by default yes: steps are
   * faster by a quarter or so. Elsewhere they go by `postMessage` in any case.
   */
  sharedMemory?: boolean;
}

/** A piece of a record on its way: `bytes` belong at `offset` of the record `id`. See docs/saving.md. */
export interface RecordPiece {
  readonly id: string;
  readonly envId: string;
  readonly participant?: string | null;
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** How many steps there are up to its end, about. */
  readonly steps: number;
  /** Whether it is the last one. It is empty where all was acknowledged before it was known to be all. */
  readonly last: boolean;
  /** Whether the page goes: nobody waits for an answer. */
  readonly leaving: boolean;
}

/**
 * What becomes of a record while it grows. `true`, the default: its steps are kept in this browser, so that a tab that is killed loses a fifth
 * of a second at most; see `recover`. `false`: nothing is kept. With `url`, `server` or `callback` they are sent on as well, each piece
 * until it is acknowledged: see docs/saving.md.
 */
export type SaveOption = boolean | SaveOptions;

export interface SaveOptions {
  /** Where pieces are posted to. An answer is `{"saved": bytes}`. */
  url?: string;
  /** The address of a `palaestra-server`; `true` is where the page comes from. */
  server?: string | true;
  /** Takes the pieces itself. It acknowledges by resolving, and is asked again where it rejects. */
  callback?(piece: RecordPiece): Promise<unknown> | unknown;
  /** Milliseconds for which it is tried after the game is over; 120000 by default. What was not sent then goes at the next visit. */
  patience?: number;
  /** Hears whenever `saving` changes. */
  onChange?(saving: Saving): void;
}

/** How a record is kept in this browser, and sent on. */
export interface Saving {
  readonly kept: {
    /** `kept`: all of it, at the end. `taken`: somebody has it, and it was deleted. */
    readonly state: 'off' | 'starting' | 'keeping' | 'kept' | 'taken' | 'failed';
    readonly steps: number;
    /** Why it is not kept: `not_kept`. Told once on the console too. */
    readonly error: PalaestraError | null;
  };
  /** Null where it is to be sent nowhere. */
  readonly sent: {
    /** `waiting`: it was not acknowledged, and is tried again. `failed`: given up, until the next visit. */
    readonly state: 'starting' | 'saving' | 'waiting' | 'saved' | 'failed';
    /** How many steps were acknowledged. */
    readonly steps: number;
    readonly error: PalaestraError | null;
    /** How often it failed since the last acknowledgement. */
    readonly attempts?: number;
  } | null;
  /** What was left of other games and had to go: it was too old, or there was no room. */
  readonly dropped: readonly {
    readonly id: string;
    readonly envId: string;
    readonly participant?: string | null;
    readonly time: Date;
    readonly steps: number;
  }[];
}

/**
 * What is left in this browser of records that nobody has taken, the newest first: of tabs that were closed, reloaded, killed, or crashed.
 * Those of tabs that are still open are not among them. Rejects with `not_kept` where the browser's storage cannot be read.
 */
export function recover(): Promise<Leftover[]>;

/** A record that was left behind. */
export interface Leftover {
  readonly id: string;
  readonly envId: string;
  readonly participant: string | null;
  /** When it was last added to. */
  readonly time: Date;
  readonly steps: number;
  readonly bytes: number;
  /** Whether the session was cut off: nobody knows how it ended. Its record says so. */
  readonly unfinished: boolean;
  /** As of a `GameRecord`. What is taken stays until it is deleted. */
  pack(): Promise<Packed>;
  verification(): Promise<{ identical: boolean | null; steps: number; message: string }>;
  blob(): Promise<Blob>;
  text(): Promise<string>;
  csv(): Promise<Blob>;
  jsonl(): Promise<Blob>;
  arrow(): Promise<Blob>;
  minari(): Promise<Blob>;
  filename(): string;
  download(): Promise<void>;
  /**
   * Sends it to the address that the game had, or there, and deletes it when all of it was acknowledged. Rejects with `not_sent`; with `bad_argument`
   * where the game had no address (a `callback` does not outlive its page) and none is given.
   */
  send(to?: Pick<SaveOptions, 'url' | 'server' | 'callback'>): Promise<void>;
  delete(): Promise<void>;
}

/**
 * Makes an environment in a Worker of its own. `kwargs` count as they are at the call.
 *
 * Rejects with `unknown_environment`, `bad_argument`, `load_failed`, `deadline_exceeded` after `loadTimeout`, `session_closed` where its
 * `signal` ends it, or `guest_failed` where Python raises; no Worker is left then.
 */
export function make(id: string, kwargs?: { [name: string]: Json }, options?: MakeOptions): Promise<Env>;

export interface ResetResult {
  observation: ByAgent<Observation>;
  info: { [name: string]: Observation };
}

export interface StepResult extends ResetResult {
  reward: ByAgent<number>;
  terminated: ByAgent<boolean>;
  truncated: ByAgent<boolean>;
}

/**
 * An environment in a Worker. A bad action, option or buffer rejects its own promise and changes nothing. A panic, a missed
 * deadline or a failed Worker rejects every pending promise, and all later ones, with the reason.
 */
export class Env {
  private constructor();
  readonly spec: Spec;
  readonly agents: readonly string[];
  /** A Space; with several agents, Spaces by agent. */
  readonly actionSpace: ByAgent<Space>;
  readonly observationSpace: ByAgent<Space>;
  /**
   * The seed of the latest reset that had one, given or drawn, as Gymnasium's `np_random_seed`: a bigint above 2⁵³ - 1. Null before the
   * first reset, and after `restore`.
   */
  readonly npRandomSeed: number | bigint | null;
  /**
   * Starts an episode. A first reset without a seed draws a fresh one, which `npRandomSeed` and the record say; later ones without
   * a seed go on with the generator.
   */
  reset(options?: { seed?: number | bigint; options?: { [name: string]: Json } }): Promise<ResetResult>;
  /**
   * One step. After an episode's last step it goes on as the environment's reference does: most play on, with `terminated` or `truncated`
   * set again; Overcooked refuses with `out_of_order`, and so does every environment before its first reset.
   */
  step(action: ByAgent<Action>): Promise<StepResult>;
  /**
   * Many steps in one crossing. Stops after an episode's last step, or with `autoreset` goes on with the next episode. One
   * bad action among them rejects all, and none is played; so do more than 500,000 actions, each agent's counted, and steps that
   * would return more than 64 MiB together. (An environment in Python without `get_state` cannot go back: once some were played, the error
   * says that they are not taken back, and it has to be reset.) A typed array of actions is as good as an array.
   */
  stepMany(actions: Iterable<ByAgent<Action>>, options?: { autoreset?: boolean }): Promise<Steps>;
  /** Everything the future depends on, the random generator included. */
  save(): Promise<Uint8Array>;
  /** Back to what `save` gave, from this environment or another one made in the same way; more than 1 MiB is refused unread. */
  restore(bytes: Uint8Array): Promise<void>;
  /** The hash of the saved state, 16 hexadecimal digits. */
  hash(): Promise<string>;
  /**
   * Has policies play episodes of this environment as fast as they can, in a Worker of their own: the environment itself stays as it is.
   * The episode with number n has the seed `seed + n`. The same seeds give the same episodes natively: `palaestra rollout`.
   */
  rollout(options: RolloutOptions): Promise<Rollout>;
  /**
   * What was played so far, as a game hands it over; of an environment made with `record: true`. `policy` says who chose the
   * actions.
   */
  record(options?: { policy?: string }): GameRecord;
  /** How the record is kept; null where nothing is recorded. */
  readonly saving: Saving | null;
  /** Ends the Worker. Idempotent; pending promises are rejected with `session_closed`. The Worker is gone when it resolves. */
  close(): Promise<CloseReport>;
}

/** How a Worker went. */
export interface CloseReport {
  /** By its own word, by force, or before it had started. */
  readonly outcome: 'graceful' | 'forced' | 'never_started';
  readonly durationMs: number;
  /** How many requests were pending and were rejected. */
  readonly rejectedRequests: number;
}

/** The returns of many steps, read when somebody asks for them. */
export class Steps implements Iterable<StepResult> {
  private constructor();
  /** How many steps were done. */
  readonly length: number;
  /** With several agents, an agent after another within a step. */
  readonly rewards: Float64Array;
  at(index: number): StepResult | undefined;
  [Symbol.iterator](): Iterator<StepResult>;
}

/** Key codes (`KeyboardEvent.code`), or chords of them joined with `+`, and the action each stands for. */
export type Keys = { [chord: string]: Action };

/** Who plays an agent: a person with the environment's own keys, a seeded random player, nobody (the action of keys at rest, always), a person with these keys, one action (`null` where the environment takes it), the environment's expert, or a model. */
export type Seat =
  | 'human'
  | 'random'
  | 'idle'
  | 'expert'
  | { keys: Keys }
  | { action: Action }
  | ExpertSeat
  | PolicySeat;

/** Who plays in a rollout: a seeded random player, the environment's expert, one action, or a model. */
export type RolloutPolicy = 'random' | 'expert' | { action: Action } | ExpertSeat | PolicySeat;

export interface RolloutOptions {
  /** A policy for every agent, or by agent, `random` for those that are not named. By default all play at random. */
  policies?: RolloutPolicy | Record<string, RolloutPolicy>;
  /** How many episodes; or `steps`, or both, whichever comes first. */
  episodes?: number;
  /** How many steps of all episodes together; the last episode is cut there. */
  steps?: number;
  /** Of the first episode, 0 by default; each later one has the next. */
  seed?: number | bigint;
  /** The most steps of an episode, by default 100,000. */
  maxEpisodeSteps?: number;
  /** Of every reset. */
  resetOptions?: Record<string, unknown>;
  /** Told some times a second how far it is. */
  onProgress?: (progress: { episodes: number; steps: number }) => void;
  /** Ends it at any time: the promise rejects with `session_closed`, and the Worker is gone. */
  signal?: AbortSignal;
  /** Milliseconds for everything that has to come first, by default 60,000, and for a sign of life, by default 5,000. */
  loadTimeout?: number;
  stepTimeout?: number;
}

export interface Rollout {
  readonly episodes: readonly RolloutEpisode[];
  /** Of all episodes together. */
  readonly steps: number;
  /** How long it took to load, and to play, in milliseconds. */
  readonly loadMs: number;
  readonly playMs: number;
}

export interface RolloutEpisode {
  readonly seed: number | bigint;
  readonly length: number;
  /** What each agent earned, in agent order. */
  readonly returns: readonly number[];
  /** Whether the environment ended it, cut it off, or the rollout's limits did. */
  readonly end: 'terminated' | 'truncated' | 'cut';
  /** Of the last state, 16 hexadecimal digits. */
  readonly hash: string;
}

/** Somebody who knows how to play the environment, where there is one: `RegistryEntry.expert` says so. */
export interface ExpertSeat {
  expert: true;
  /** With what probability each action is the expert's, and not a random one: 0 to 1, by default 1. */
  skill?: number;
}

/** A model that plays an agent, in the Worker. docs/policies.md has the manifest, and what a model may hold. */
export interface PolicySeat {
  /** The address of the ONNX file. */
  onnx: string;
  /** What the file does not say of itself: an object, or the address of one as JSON. */
  manifest?: string | { [name: string]: Json };
  /** Whether actions are drawn, or the likeliest taken; as the manifest says by default. */
  sample?: boolean;
  /** Ticks from one decision to the next, 1 to 1000; as the manifest says by default. */
  frameSkip?: number;
  /** Ticks until an action is played, 0 to 1000; as the manifest says by default. */
  reactionDelay?: number;
}

export interface PlayOptions extends Said {
  /** The id of an environment. */
  env: string;
  kwargs?: { [name: string]: Json };
  /** Of an environment in Python, `guest/…`: is told how loading goes. Refused of others. */
  onProgress?: (progress: GuestProgress) => void;
  /**
   * Where it is drawn; without one nothing is. `null` is refused: a page whose canvas was not found would play unseen. So is one on which
   * another game draws (`out_of_order`), until that has ended.
   */
  canvas?: HTMLCanvasElement;
  /** Steps a second; the environment's own pace for people by default. */
  fps?: number;
  /** A fresh one by default; it stands in the record either way. */
  seed?: number | bigint;
  resetOptions?: { [name: string]: Json };
  /** The session ends after so many episodes, or so many steps, whichever comes first. By default it goes on. */
  episodes?: number | bigint;
  maxSteps?: number | bigint;
  /** Of the first person; the environment's own by default. */
  keys?: Keys;
  inputMode?: InputMode;
  /**
   * What a person's seat does while no key is down: an action, or several that take turns; `[]`: the game waits. An action that is itself
   * an array stands in one: `[[0, 0, 0]]`.
   */
  idle?: Action | Action[];
  /**
   * By agent. By default a person plays the first and `random` the others. Agents are counted, `agent_0`, `agent_1`, …, or called as the
   * environment calls them: `{ adversary_0: 'human', agent_0: 'random' }`. Names that may be both count.
   */
  seats?: { [agent: string]: Seat | MatchPolicy };
  /** Hears of every step. What it throws is reported as an uncaught error, and the game goes on. */
  onStep?(row: StepRow): void;
  /** Hears of every change of the session's state. */
  onTransition?(transition: Transition): void;
  /** Milliseconds until loading is given up, of the page's module where that is to come, and then of the game; 60000 by default. */
  loadTimeout?: number;
  /** Milliseconds until a step is given up and the session ends; 2000 by default. */
  stepTimeout?: number;
  /**
   * Milliseconds without the keyboard, counted while it is played, after which the session ends; 60000 by default, Infinity for never. Who
   * looks elsewhere while it loads or waits for others is without it from its first moment on.
   */
  focusTimeout?: number;
  /** Milliseconds between two episodes; 900 by default. */
  episodePause?: number;
  /** How many steps `pipelineMetrics` keeps; 20000 by default, 1000000 at most. */
  metricsCapacity?: number;
  /**
   * Whether the game begins paused, until `resume()`; or with `'key'` until a key of the game goes down, or Space or Enter, which is
   * no action then. Not by default, and not in a match.
   */
  startPaused?: boolean | 'key';
  /** Whether the record has when each step was played and when its key went down; by default yes. */
  recordTimes?: boolean;
  /** Whether the record names the participant's browser, as `navigator.userAgent`; not by default. */
  recordUserAgent?: boolean;
  /**
   * Parameters of the page's address that go into the record's header: `true` for those of recruitment sites (`PROLIFIC_PID`, `STUDY_ID`,
   * `SESSION_ID`, `workerId`, `assignmentId`, `hitId`, `SONA_ID`, …), of which the participant's is `participant` unless that is given;
   * or their names. None by default.
   */
  recordAddress?: boolean | string[];
  /** Whether each step's row of metrics goes into the record; not by default. */
  recordMetrics?: boolean;
  /** Whether the hash of every state goes into the record; by default yes. */
  recordHashes?: boolean;
  /**
   * Whether the spans of each step whose picture was painted go into the browser's profiler as User Timing entries; not by default.
   * Without a `canvas` there are none. There `roundTrip` is the whole stretch, with `wait` as an entry of its own within it.
   */
  userTiming?: boolean;
  /** Whether things move smoothly from step to step; by default yes. */
  tween?: boolean;
  /** Whether the finished record is replayed; by default yes. */
  verify?: boolean;
  /**
   * Pads for fingers, below the picture or at its sides where a phone lies on its side; by default where the device is one for fingers. They are made of
   * the keys of the person at this page. `element` is where they stand instead. For pads of your own: false, and `game.press` and `release`.
   */
  touchControls?: boolean | { element?: HTMLElement };
  /**
   * Whether a game controller plays as the keys do: its cross or left stick as the keys that lie so, its buttons as the others; by default yes. Where
   * actions are numbers the stick counts by how far it is pushed.
   */
  gamepad?: boolean;
  /**
   * Whether a pointer that is drawn over the picture steers like a stick, where actions are numbers: a mouse with its button down, a pen, a finger. All the
   * way, 90 pixels, it does what the key of that side does; by default yes.
   */
  pointer?: boolean;
  /**
   * A bar below the picture with what participants need beside the game: pause, a dialog to change their keys, full screen; numbers that count down before a
   * paused game goes on; and what happens, said to screen readers. Not by default. See docs/page-api.md.
   */
  controls?: boolean | ControlsOptions;
  /** What becomes of the record while it grows; kept in this browser by default. See docs/saving.md. */
  save?: SaveOption;
  /**
   * Plays with other people: `fps` and `seed` are the server's business then, and who sits where; `seats` can only name policies (`MatchPolicy`)
   * for agents that no person plays. See docs/together.md.
   */
  match?: MatchOptions;
  /** Hears how the match stands, whenever that changes; also after the game's end, of its record. */
  onMatch?(match: Match): void;
}

/** What the bar below a game's picture has. */
export interface ControlsOptions {
  /** A button that pauses and goes on; by default yes, but for a match, which nobody pauses. */
  pause?: boolean;
  /** A dialog in which participants change their keys, which this browser remembers for the environment; by default yes. */
  keys?: boolean;
  /** A button for full screen, where the browser has it; by default yes. */
  fullscreen?: boolean;
  /** Seconds that are counted down before a paused or hidden game goes on, 0 to 10; 3 by default. */
  countdown?: number;
  /** Where the bar stands, if not below the picture and its pads. */
  element?: HTMLElement;
  /** Texts in place of those that participants read and hear. */
  texts?: Partial<ControlsTexts>;
}

/** What participants read and hear; `{name}` is filled in. */
export interface ControlsTexts {
  controls: string;
  pause: string;
  resume: string;
  keys: string;
  fullscreen: string;
  leaveFullscreen: string;
  keysTitle: string;
  keysHelp: string;
  change: string;
  press: string;
  usual: string;
  done: string;
  taken: string;
  unusable: string;
  playing: string;
  paused: string;
  ended: string;
  score: string;
  episode: string;
}

/** Who has a seat of a match that no person has. Every browser loads a model, and one with another file, or another manifest, does not play. */
export type MatchPolicy =
  | 'idle'
  | 'random'
  | 'expert'
  | ExpertSeat
  | (PolicySeat & {
      /** The file's SHA-256, 64 hexadecimal digits in small letters, where it has to be that one. */ sha256?: string;
    });

/** Who is put together, and where. */
export interface MatchOptions {
  /** The lobby. Everybody in it plays the same environment with the same arguments. */
  lobby: string;
  /** The address of `palaestra-server`; where the page itself comes from by default. */
  server?: string;
  /**
   * The participant's id, as the option `participant` of `play` takes it. By default the option `participant` of `play`, or that of the address (`PROLIFIC_PID`, `workerId`, `SONA_ID`, …); without one
   * the server makes one up. A reload comes back to the same seat either way.
   */
  participant?: string;
  /** The lobby's secret, where it has one. */
  secret?: string;
  /** Who belongs together, in a lobby that matches by group. */
  group?: string;
  /** How many people play, this one counted: as many as there are agents by default. Of a lobby that the server knows it has to be the lobby's. */
  size?: number;
  /** Who has the seats without a person, `idle` by default. Of a lobby that the server knows it has to be the lobby's. */
  policy?: MatchPolicy;
  /**
   * What happens when somebody leaves: `continue` has `policy` take the seat. `pause` by default: the match waits for a while, and ends. Of a
   * lobby that the server knows it has to be the lobby's.
   */
  dropout?: 'pause' | 'continue' | 'end';
  /** Milliseconds until waiting for others is given up, where that is less than the server's own limit. */
  timeout?: number;
  /**
   * Whether browsers may connect to each other directly where they can; `auto` by default. With `relay` everything goes through the
   * server, and no participant's address becomes known to another. So it does for a pair of whom one says so.
   */
  transport?: 'auto' | 'relay';
  /** The STUN and TURN servers by which browsers find each other, in place of those that the server names. */
  iceServers?: RTCIceServer[];
  /** What is done to packets on purpose, for tests and demonstrations. */
  network?: {
    /** Milliseconds, of every packet. */
    delay?: number;
    /** Milliseconds more, at most. */
    jitter?: number;
    /** Shares of packets from 0 to 1. */
    loss?: number;
    duplicate?: number;
    reorder?: number;
    seed?: number;
  };
  /** Whether participants are told over the picture what is waited for; by default yes. */
  overlay?: boolean;
  /** Texts in place of those that they read. */
  texts?: Partial<MatchTexts>;
}

/** What participants read; `{name}` is filled in. */
export interface MatchTexts {
  connecting: string;
  reconnecting: string;
  waiting: string;
  /** `{position}`, `{count}` */
  place: string;
  /** `{minutes}`: `minute` or `minutes` */
  timeLeft: string;
  minute: string;
  /** `{count}` */
  minutes: string;
  cancel: string;
  matched: string;
  validating: string;
  starting: string;
  requeued: string;
  stalled: string;
  partnerReconnecting: string;
  partnerAway: string;
  partnerGone: string;
  lost: string;
  /** With the code of the match that was played, and a button to close it. */
  playedBefore: string;
  /** `{code}` */
  completionCode: string;
  close: string;
  away: string;
}

/** Another person of a match. */
export interface Partner {
  readonly seat: number;
  readonly agent: string;
  readonly state: 'connecting' | 'connected' | 'reconnecting' | 'gone';
  /** Whether that participant looks elsewhere. */
  readonly away: boolean;
  /** Milliseconds in which a lost connection may come back; null where none is lost. */
  readonly graceLeft: number | null;
  /** Milliseconds there and back; null while it is not known. */
  readonly ping: number | null;
  /** Which way packets take: it may change at any time. */
  readonly path: 'direct' | 'relay' | null;
}

/** How a match stands. */
export interface Match {
  readonly state: 'connecting' | 'waiting' | 'matched' | 'validating' | 'starting' | 'playing' | 'ended';
  /** Whether the server is reached; null before it was tried. A lost server is no lost game. */
  readonly connected: boolean | null;
  readonly participant: string | null;
  /** In the waitroom: the place from 1, how many wait, how many make a match. */
  readonly position: number | null;
  readonly count: number | null;
  readonly size: number | null;
  /** Milliseconds until waiting is given up, and how long it may take; null where nobody knows. */
  readonly timeLeft: number | null;
  readonly estimate: number | null;
  /** Whether a match came to nothing before it began. */
  readonly requeued: boolean;
  readonly id: string | null;
  readonly seat: number | null;
  /** The other people, by agent. */
  readonly partners: { readonly [agent: string]: Partner };
  /** Milliseconds to the server and back. */
  readonly ping: number | null;
  /** Frames from a key to its step. */
  readonly inputDelay: number | null;
  /** How many times frames were played again, and how many were. */
  readonly rollbacks: number;
  readonly rolledBack: number;
  /** How many were at the latest time, and at most. */
  readonly depth: number;
  readonly deepest: number;
  /** Frames that were first played with a guess. */
  readonly predicted: number;
  /** Ticks at which the game waited for others. */
  readonly stalls: number;
  /** By how many frames this browser is ahead of the others. */
  readonly ahead: number;
  /** Whether the game waits for somebody now. */
  readonly stalled: boolean;
  /** Whether this participant looks elsewhere. */
  readonly away: boolean;
  /** Whether the game's own connection is open. */
  readonly socket: boolean | null;
  /**
   * How it ended: `code` is finer than a reason. The server's are in docs/server-protocol.md; this page's own are `connection_lost` (not reached
   * for a minute), `match_silent` (the server did not begin the match), `waiting_timeout` and `malformed`.
   */
  readonly ended: {
    readonly reason: Reason;
    readonly code: string;
    readonly message: string;
    readonly completionCode: string | null;
  } | null;
  /** What became of the record at the server. */
  readonly record: {
    readonly frames: number;
    /** What the server's replay found; null where there was none. */
    readonly verified: boolean | null;
    readonly difference: string | null;
    readonly seatsDiffer: readonly { readonly seat: number; readonly frame: number }[];
    /** Of a match with models: whether the server computed again what they did, or took it from the record; null without models. */
    readonly modelActions: 'recomputed' | 'recorded' | null;
  } | null;
}

export interface StepRow extends StepResult {
  frameNumber: number;
  episode: number;
  action: ByAgent<Action>;
  /** The present episode's return; 0 for one that a page came into, of a match, without having seen it begin. */
  score: ByAgent<number>;
  /** Whether the step is final. In a match `onStep` hears of those only. */
  confirmed: true;
  metrics: Stations;
}

/**
 * When a step passed each station, in milliseconds of the page's `performance.now()`; NaN for one that it did not pass: no
 * key was new, or its picture was overtaken by the next. A row is complete once its picture has been painted.
 *
 * The Worker plays the steps by itself, as far as the page grants it. `queueExit` is when the key was sent; `stepCall` and
 * `workerReceive` are those of the last message that reached the game before the step, a key or a grant.
 */
export interface Stations {
  /** The key event's own time. */
  keypressTimestamp: number;
  /** The key left the page. */
  queueExitTimestamp: number;
  stepCallTimestamp: number;
  workerReceiveTimestamp: number;
  /** When the step's time was, by the game's `fps`: `stepBegin` less this is by how much it was late. */
  stepDueTimestamp: number;
  stepBeginTimestamp: number;
  stepEndTimestamp: number;
  stepReturnTimestamp: number;
  renderBeginTimestamp: number;
  renderEndTimestamp: number;
  paintTimestamp: number;
  /** Of a match: when the step's picture was received while some action in it was a guess. */
  predictedTimestamp?: number;
  /** Of a match: when the step was received as final. */
  confirmedTimestamp?: number;
}

export type State = 'created' | 'waiting' | 'matched' | 'validating' | 'playing' | 'ended' | 'disposed';

/** Why a session ended. */
export type Reason =
  | 'complete'
  | 'timeout'
  | 'partner_left'
  | 'validation_failed'
  | 'disconnected'
  | 'focus_lost'
  | 'excluded'
  | 'error'
  | 'closed';

export interface Transition {
  readonly from: State;
  readonly to: State;
  readonly reason?: Reason;
  readonly at: number;
}

/** Which match is watched, and where it is shown. */
export interface WatchOptions {
  /** The match's id: `m-…`, as the monitor and `game.match.id` have it. */
  match: string;
  /** The address of `palaestra-server`; where the page itself comes from by default. */
  server?: string;
  /** Its lobby; the server finds the match without. */
  lobby?: string;
  /**
   * What lets this page watch: the match's own token, which the monitor shows, or the monitor's. A lobby with `spectators` needs none.
   */
  token?: string;
  /** Where it is drawn; without one nothing is. */
  canvas?: HTMLCanvasElement;
  /** The players' `resetOptions`, where they have any. */
  resetOptions?: { [name: string]: Json };
  /** Whether things move smoothly from step to step; by default yes. */
  tween?: boolean;
  /** Milliseconds until loading is given up; 60000 by default. */
  loadTimeout?: number;
  /** Hears of every step that is shown. What it throws is reported as an uncaught error. */
  onStep?(row: WatchedStep): void;
  /** Hears whenever something of the spectator but `frameNumber` has changed. */
  onChange?(spectator: Spectator): void;
}

/** A step of a match that is watched, as its players confirmed it. */
export interface WatchedStep extends StepResult {
  /** From 1 on, in the whole match. */
  frameNumber: number;
  episode: number;
  action: ByAgent<Action>;
  /** The hash of the state that it led to here, 16 hexadecimal digits; the players' records have the same. */
  hash: string;
}

/** What is known of a match that is watched. */
export interface WatchedMatch {
  readonly id: string;
  readonly lobby: string;
  readonly env: string;
  readonly kwargs: { readonly [name: string]: Json };
  readonly agents: readonly string[];
  /** How many people play; policies have the other seats. */
  readonly size: number;
  readonly fps: number;
}

/** How watching ended. */
export interface WatchEnd {
  /** The match's own, `closed` where this page stopped watching, or `error` where watching failed. */
  readonly reason: Reason;
  /** Finer than a reason: see docs/server-protocol.md. Where watching failed, that of the error with which `finished` rejects. */
  readonly code: string;
  readonly message: string;
}

/** A match that others play, shown on this page. */
export interface Spectator {
  /** `watching` from the first picture on; after the match's last step `ended`, and `disposed` when the Worker is gone. */
  readonly state: 'connecting' | 'watching' | 'ended' | 'disposed';
  /** Null until the server has said what is played. */
  readonly match: WatchedMatch | null;
  /** The environment's spec, once it is known. */
  readonly spec?: Spec;
  /** Whether the match's steps come in. A connection that is lost is tried again for a minute. */
  readonly connected: boolean;
  /** The latest step that was shown: so many were played in the match. */
  readonly frameNumber: number;
  /** The present episode, from 1 on; 0 before the first picture. */
  readonly episode: number;
  /** The first step whose state is another here than at the players'; null while there is none. */
  readonly differs: number | null;
  readonly ended: WatchEnd | null;
  /** Settles when all is over: with how it ended and the last step that was shown, or with the error that kept the page from watching. */
  readonly finished: Promise<WatchEnd & { readonly frames: number }>;
  /** Stops watching; gives `finished`. The players notice nothing of it. */
  dispose(): Promise<WatchEnd & { readonly frames: number }>;
}

/**
 * Shows a running match, from the steps that its players have confirmed: about a second behind them, at the game's pace. Whoever comes
 * late begins with the present. See docs/together.md.
 *
 * Rejects with `bad_argument` for options that are none, with `load_failed` where the files that it needs cannot be had, and with
 * `deadline_exceeded` where they do not come within `loadTimeout`. What the server refuses rejects `finished` with `match_failed`.
 */
export function watch(options: WatchOptions): Promise<Spectator>;

/**
 * Starts a game. Where the page's module is still to come, it begins when that is there; it is `created` until then, can be paused and
 * disposed of, and has its seed.
 *
 * Options that are none: throws `bad_argument` where all that the game needs is there (after `init`, and `preload` for `onStep`, models and
 * experts); else `finished` rejects with it, and the console says so.
 */
export function play(options: PlayOptions): Game;

/** A running game: one session, with one Worker. */
export class Game {
  private constructor();
  /** How many steps have been made: in a match, for good. */
  readonly frameNumber: number;
  readonly state: State;
  /** The present episode, from 1 on; 0 before the first. */
  readonly episode: number;
  /** The present episode's return: a number, or one per agent. */
  readonly score: number | number[];
  /** Given or drawn; a bigint above 2⁵³ - 1. */
  readonly seed: number | bigint;
  readonly paused: boolean;
  readonly spec: Spec | null;
  /** How many bytes were recorded so far, before compression. */
  readonly recordedBytes: number;
  readonly pipelineMetrics: PipelineMetrics;
  /**
   * Settles when the session is disposed of: with its record, or with the error that kept it from starting. Where nobody asks for it, the
   * console is told of that error. Where the page's own module fails (`panicked`) in mid-game the record has everything up to there: it is
   * `unfinished`, its `error` says why, and `returns` is empty. Only the step that waited for its picture may be missing.
   */
  readonly finished: Promise<GameRecord>;
  /** How the record is kept in this browser, and sent on. */
  readonly saving: Saving;
  /** Settles with `saving` when the game is over and all of it was acknowledged, or given up; where nothing is sent, when it is kept. */
  readonly saved: Promise<Saving>;
  /** How the match stands; null of a game that is played alone, and before anything is known. */
  readonly match: Match | null;
  /**
   * Input of one's own: what an agent does at the next tick, whatever keys say. It goes the way of a key: to the Worker, to the
   * tick, into the record with its time. Of several before one tick the last counts; with `single_keystroke` each has a tick of its own. For
   * agents that a person plays, in a match this page's own. Throws `bad_argument` for another, `bad_action`, and `out_of_order` while
   * nothing is played.
   */
  act(agent: string, action: Action): void;
  /**
   * As if a key of the game went down or came up, by its `KeyboardEvent.code` or a name of one's own that `keys` has: for buttons on the
   * page. Both throw `bad_argument` for a key that the game has no use for, and `out_of_order` while nothing is played.
   */
  press(code: string): void;
  release(code: string): void;
  /**
   * What was played so far, as a record that says that it is unfinished: it verifies, and lacks how the session ended. Rejects with
   * `out_of_order` before the first episode has begun.
   */
  snapshot(): Promise<GameRecord>;
  /**
   * Both throw `out_of_order` in a match: others play on. Keys that are struck while the game stands still, or between two episodes, are
   * no actions of what follows; one that is still held counts from then on.
   */
  pause(): void;
  resume(): void;
  /** Ends the session, from any state and any number of times; gives `finished`. */
  dispose(reason?: Reason): Promise<GameRecord>;
}

export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** The last step's stations, but for those of its input, and the history. */
export interface PipelineMetrics extends Readonly<Omit<Stations, 'keypressTimestamp' | 'queueExitTimestamp'>> {
  /** Of the latest input, which may be some steps old. */
  readonly lastInputTimestamps: Readonly<Pick<Stations, 'keypressTimestamp' | 'queueExitTimestamp'>>;
  readonly count: number;
  /** Every step kept, or the `last` ones, as columns. */
  history(range?: { last?: number }): { firstFrame: number } & { [Station in keyof Stations]: Float64Array };
  /** In milliseconds; the percentiles are over the steps kept, or the `last` ones. */
  summary(range?: { last?: number }): {
    count: number;
    /** From the key until it was sent. */
    queue: Percentiles;
    /** At the Worker, from the last message before the step until the step began: it waits for its time. The next two are without it. */
    wait: Percentiles;
    /** To the Worker and back, without the wait and the step. */
    crossing: Percentiles;
    step: Percentiles;
    /** From the call to the return, without the wait. */
    roundTrip: Percentiles;
    render: Percentiles;
    /** From the key to the painted picture. */
    total: Percentiles;
    animationFrames: number;
    droppedFrames: number;
  };
  /** Every step kept, for `console.table`. */
  table(): ({ frame: number } & Stations)[];
}

/** A record's file, and what its replay found; `identical` is null where there was none. */
export interface Packed {
  blob: Blob;
  gzip: boolean;
  identical: boolean | null;
  steps: number;
  message: string;
}

/** With `keep`, what this browser keeps of the record stays until `discard()`: for pages that send it themselves. */
export interface TakeOptions {
  keep?: boolean;
}

/**
 * What a finished session hands over. Whoever takes it (`pack`, `blob`, `text`, `csv`, `jsonl`, `arrow`, `minari`, `download`) has it: what is kept
 * of it in this browser is deleted then, unless `keep` is said.
 */
export class GameRecord {
  private constructor();
  /** The record's first line. A seed above 2⁵³ - 1 is rounded here; the record itself, and `filename()`, have it to the last digit. */
  readonly header: { [name: string]: Json };
  /** Why the session ended; null of a `snapshot`: it went on. */
  readonly reason: Reason | null;
  readonly error: PalaestraError | null;
  readonly disposal: CloseReport | null;
  readonly steps: number;
  /** The returns of the episodes that came to their end: a number each, or one per agent. */
  readonly returns: (number | number[])[];
  /**
   * Packs and replays the record in a Worker of its own. Where that Worker fails, or is without a sign of life for ten seconds,
   * `message` says why, and `blob` is what it had packed, or plain text made on the page; asked again, it is tried again.
   */
  pack(options?: TakeOptions): Promise<Packed>;
  /** What the replay found; `identical` is null where there was none. */
  verification(): Promise<{ identical: boolean | null; steps: number; message: string }>;
  /** Gzipped JSON Lines. */
  blob(options?: TakeOptions): Promise<Blob>;
  /** JSON Lines. Rejects with `record_full` where that does not fit in a string (512 MiB): take `blob()` then. */
  text(options?: TakeOptions): Promise<string>;
  /**
   * Its steps as `palaestra export` writes them, a row per step and agent. Rejects with `load_failed` where it does not replay. The record of a
   * guest, which only Python could replay, gives what it says.
   */
  csv(options?: TakeOptions): Promise<Blob>;
  /** The same as JSON Lines, an object per step and agent. */
  jsonl(options?: TakeOptions): Promise<Blob>;
  /** The table of `csv` as an Arrow file (IPC, not compressed), with typed columns. */
  arrow(options?: TakeOptions): Promise<Blob>;
  /**
   * A zip with a data set of Minari's for each agent: unzipped where Minari keeps its data, `minari.load_dataset` reads them. An episode has at
   * most 131,071 steps.
   */
  minari(options?: TakeOptions): Promise<Blob>;
  /** Somebody has it, or needs none: what is kept of it in this browser is deleted. */
  discard(): void;
  filename(): Promise<string>;
  /** Frees its memory now instead of when the browser collects it. */
  free(): void;
  /** Saves the record as a file of the participant's. */
  download(): Promise<void>;
}
