// Types of the plugin for jsPsych 8.
import type { Action, InputMode, Json, Keys, MatchOptions, Reason, Seat, StepRow } from './palaestra.js';

/** What a trial takes, beside what every trial of jsPsych's takes. `null` is as good as nothing. */
export interface PalaestraParameters {
  env: string;
  kwargs?: { [name: string]: Json } | null;
  /** A fresh one by default; it is in the data either way. */
  seed?: number | null;
  /** The trial ends after so many episodes (1 by default), steps or milliseconds, whichever comes first. */
  episodes?: number | null;
  max_steps?: number | null;
  trial_duration?: number | null;
  fps?: number | null;
  input_mode?: InputMode | null;
  keys?: Keys | null;
  seats?: { [agent: string]: Seat } | null;
  match?: MatchOptions | null;
  /** The picture's width in CSS pixels, 600 by default; its height follows. */
  canvas_size?: number;
  /** Pads for fingers; by default where the device is one for fingers. */
  touch_controls?: boolean | null;
  controls?: boolean;
  /** HTML below the picture. */
  prompt?: string | null;
  on_step?: ((row: StepRow) => void) | null;
  /** `actions` by default. */
  save_trajectory?: 'none' | 'actions' | 'full';
  save_pipeline_metrics?: boolean;
}

/** What a trial adds to jsPsych's data. */
export interface PalaestraData {
  env_id: string;
  seed: number;
  steps: number;
  /** The sum of the episodes' returns. */
  score: number | { [agent: string]: number } | null;
  end_reason: Reason;
  /**
   * Those that this page played. One that was loaded again, and came back into a match, lacks those before; of the episode that it came
   * into it has the steps since, and as `score` what was earned in them.
   */
  episodes: {
    /** Its number, from 1 on. */
    episode: number;
    steps: number;
    score: number | { [agent: string]: number };
    ended: 'terminated' | 'truncated' | 'stopped';
  }[];
  /** After which step of its match a page that was loaded again came back; null for one that was there from the beginning. */
  resumed_at: number | null;
  /** Milliseconds from the beginning of play to the first key that was played. */
  first_action_time: number | null;
  /** This, and whatever else of the data, is null where it could not be had: the page is told of the error, as of an uncaught one. */
  latency: { [of in 'p50' | 'p95' | 'p99' | 'max']: number | null } | null;
  dropped_frames: number | null;
  display_rate: number | null;
  hidden_time: number;
  state_hash: string | null;
  verified: boolean | null;
  /** Of each of `episodes` `[action, how many times in a row]`. */
  actions?: [Action | { [agent: string]: Action }, number][][];
  /** The record as JSON Lines. */
  trajectory?: string | null;
  /** The stamps of each step from `first_frame` on: of a game with more than 1,000,000 steps of the last so many. */
  pipeline_metrics?: { [station: string]: (number | null)[] } | null;
  /** The step that `pipeline_metrics` begin with: 1, or where a page came back into its match, or had more steps than it keeps. */
  first_frame?: number | null;
}

interface Described {
  readonly type: number;
  readonly default?: unknown;
  readonly array?: boolean;
  readonly options?: readonly string[];
}

/** `type: PalaestraPlugin` makes a trial of a timeline a game. */
export default class PalaestraPlugin {
  static readonly info: {
    readonly name: 'palaestra';
    readonly version: string;
    readonly parameters: { readonly [name in keyof PalaestraParameters]-?: Described };
    readonly data: { readonly [name in keyof PalaestraData]-?: Described };
    readonly citations: { readonly apa: string; readonly bibtex: string };
  };
  constructor(jsPsych: { getDisplayElement(): HTMLElement });
  trial(display: HTMLElement, trial: PalaestraParameters, onLoad?: () => void): Promise<PalaestraData>;
  /** Random actions, from the trial's seed. */
  simulate(
    trial: PalaestraParameters,
    mode: 'data-only' | 'visual',
    options?: { data?: { [name: string]: unknown } },
    onLoad?: () => void,
  ): Promise<PalaestraData>;
}

/** What a trial that loads takes. */
export interface PreloadParameters {
  /** Trials and timelines, in which games are looked for: what each needs with its parameters is loaded. */
  trials?: readonly object[];
  /** Environments by their ids, beside those. */
  envs?: readonly string[];
  /** HTML that stands there meanwhile; `<p>Loading…</p>` by default. */
  message?: string;
}

/** What a trial that loads adds to jsPsych's data. */
export interface PreloadData {
  /** Whether all of it is there. */
  success: boolean;
  /** The environments that are. */
  loaded: string[];
  /** Of each other one why it is not. */
  failed: { env: string; code: string; message: string }[];
}

/** `type: PalaestraPreload` makes a trial of a timeline load what the games of later trials need. It goes on also where something failed. */
export class PalaestraPreload {
  static readonly info: {
    readonly name: 'palaestra-preload';
    readonly version: string;
    readonly parameters: { readonly [name in keyof PreloadParameters]-?: Described };
    readonly data: { readonly [name in keyof PreloadData]-?: Described };
    readonly citations: { readonly apa: string; readonly bibtex: string };
  };
  constructor(jsPsych: { getDisplayElement(): HTMLElement });
  trial(display: HTMLElement, trial: Required<PreloadParameters>, onLoad?: () => void): Promise<PreloadData>;
  simulate(
    trial: Required<PreloadParameters>,
    mode: 'data-only' | 'visual',
    options?: { data?: { [name: string]: unknown } },
    onLoad?: () => void,
  ): Promise<PreloadData>;
}
