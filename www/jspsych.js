// The jsPsych plugin: a trial is a game. It needs jsPsych 8 and nothing of it: what it is given is what it uses.
import { play, preload, registry } from './palaestra.js';

/** jsPsych's own numbers of the types of parameters (`ParameterType`). */
const BOOL = 0;
const STRING = 1;
const INT = 2;
const FLOAT = 3;
const FUNCTION = 4;
const SELECT = 7;
const HTML_STRING = 8;
const OBJECT = 12;
const COMPLEX = 13;
const TIMELINE = 14;

const version = '0.1.0';

const citations = /** @type {const} */ ({
  apa: 'Palaestra (Version 0.1.0) [Computer software].',
  bibtex: '@software{palaestra, title = {Palaestra}, version = {0.1.0}}',
});

const info = /** @type {const} */ ({
  name: 'palaestra',
  version,
  parameters: {
    /** The id of an environment. */
    env: { type: STRING, default: undefined },
    /** Its keyword arguments. */
    kwargs: { type: OBJECT, default: null },
    /** A fresh one by default. */
    seed: { type: INT, default: null },
    /** The trial ends after so many episodes, steps or milliseconds, whichever comes first. */
    episodes: { type: INT, default: 1 },
    max_steps: { type: INT, default: null },
    trial_duration: { type: INT, default: null },
    /** Steps a second; the environment's own pace for people by default. */
    fps: { type: FLOAT, default: null },
    input_mode: { type: SELECT, options: ['pressed_keys', 'single_keystroke'], default: null },
    /** Key codes and their actions; the environment's own by default. */
    keys: { type: OBJECT, default: null },
    /** Who plays which agent. */
    seats: { type: OBJECT, default: null },
    /** A game with other people: see the option `match` of `play`. */
    match: { type: OBJECT, default: null },
    /** The picture's width in CSS pixels; its height follows. */
    canvas_size: { type: INT, default: 600 },
    /** Whether there are pads for fingers below the picture; by default where the device is one for fingers. */
    touch_controls: { type: BOOL, default: null },
    /** Whether there is a bar below the picture: pause, keys, full screen. */
    controls: { type: BOOL, default: false },
    /** HTML below the picture. */
    prompt: { type: HTML_STRING, default: null },
    /** Hears of every step. */
    on_step: { type: FUNCTION, default: null },
    /** What of the game goes into the data: nothing, the actions, or the whole record as JSON Lines. */
    save_trajectory: { type: SELECT, options: ['none', 'actions', 'full'], default: 'actions' },
    /** Whether the stamps of every step do, from key to pixel. */
    save_pipeline_metrics: { type: BOOL, default: false },
  },
  data: {
    env_id: { type: STRING },
    seed: { type: INT },
    steps: { type: INT },
    /** The sum of the episodes' returns: a number, or one per agent. */
    score: { type: COMPLEX },
    /** Why it ended: `complete`, `timeout`, …. */
    end_reason: { type: STRING },
    /** Of each episode its number, its steps, its return, and whether it was terminated, truncated or stopped. */
    episodes: { type: COMPLEX, array: true },
    /** After which step of its match a page that was loaded again came back; null for one that was there from the beginning. */
    resumed_at: { type: INT },
    /** Milliseconds from the first picture to the first key that was played; null without one. */
    first_action_time: { type: FLOAT },
    /** Of each episode `[action, how many times in a row]`. */
    actions: { type: COMPLEX, array: true },
    /** The record as JSON Lines. */
    trajectory: { type: STRING },
    /** Milliseconds from key to picture: `p50`, `p95`, `p99`, `max`. */
    latency: { type: OBJECT },
    dropped_frames: { type: INT },
    /** Pictures a second that the display showed. */
    display_rate: { type: FLOAT },
    /** Milliseconds in which the tab was hidden. */
    hidden_time: { type: FLOAT },
    /** The hash of the last state. */
    state_hash: { type: STRING },
    /** What the replay of the record found; null where there was none. */
    verified: { type: BOOL },
    pipeline_metrics: { type: COMPLEX },
    /** The step that they begin with. */
    first_frame: { type: INT },
  },
  citations,
});

const preloadInfo = /** @type {const} */ ({
  name: 'palaestra-preload',
  version,
  parameters: {
    /** Trials and timelines: what their games need is loaded. */
    trials: { type: TIMELINE, default: [] },
    /** Environments by their ids, beside those of the trials. */
    envs: { type: STRING, array: true, default: [] },
    /** HTML that stands there meanwhile. */
    message: { type: HTML_STRING, default: '<p>Loading…</p>' },
  },
  data: {
    /** Whether all of it is there. */
    success: { type: BOOL },
    /** The environments that are. */
    loaded: { type: STRING, array: true },
    /** Of each other one why it is not. */
    failed: { type: COMPLEX, array: true },
  },
  citations,
});

/** An action as JSON has it: that of a Box is a typed array. */
const plain = (action) =>
  JSON.parse(
    JSON.stringify(action, (_, value) => (ArrayBuffer.isView(value) ? Array.from(/** @type {any} */ (value)) : value)),
  );

/** How an episode ends with a step whose flags are these, each one or one by agent: as a rollout says it. */
function endOf(terminated, truncated) {
  const flagsOf = (flags) => (typeof flags === 'object' ? Object.values(flags) : [flags]);
  const [over, cut] = [flagsOf(terminated), flagsOf(truncated)];
  if (!over.every((flag, agent) => flag || cut[agent])) return 'stopped';
  return over.every(Boolean) ? 'terminated' : 'truncated';
}

/** What a trial hears of its game, as it goes. */
class TrialLog {
  /** Those that this page played: one that came back into a match lacks those before. */
  episodes = [];
  actions = [];
  resumedAt = null;
  firstStepAt = NaN;
  lastStepAt = NaN;
  firstKeyAt = NaN;
  beganAt = NaN;
  #hiddenAt = document.hidden ? performance.now() : NaN;
  #hidden = 0;
  #hears = () => {
    if (document.hidden) this.#hiddenAt = performance.now();
    else this.#shown();
  };

  constructor() {
    document.addEventListener('visibilitychange', this.#hears);
  }

  #shown() {
    if (this.#hiddenAt >= 0) this.#hidden += performance.now() - this.#hiddenAt;
    this.#hiddenAt = NaN;
  }

  transition({ to, at }) {
    if (to === 'playing') this.beganAt = at;
  }

  /** A step as `onStep` hears of it. */
  step({ frameNumber, episode, action, reward, score, terminated, truncated, metrics }) {
    this.lastStepAt = performance.now();
    if (Number.isNaN(this.firstStepAt)) this.firstStepAt = this.lastStepAt;
    if (this.episodes.length === 0 && frameNumber > 1) this.resumedAt = frameNumber - 1;
    if (this.episodes.at(-1)?.episode !== episode) {
      this.episodes.push({ episode, steps: 0, score: null });
      this.actions.push([]);
    }
    const own = this.episodes.at(-1);
    own.steps += 1;
    // The game knows no return of an episode that it has not seen begin: it is what was earned since.
    const isPart = this.resumedAt !== null && this.episodes.length === 1;
    own.score = isPart ? sumOf([own.score ?? 0, reward]) : score;
    own.ended = endOf(terminated, truncated);
    this.#acted(plain(action));
    if (Number.isNaN(this.firstKeyAt)) this.firstKeyAt = metrics.keypressTimestamp;
  }

  #acted(action) {
    const runs = this.actions.at(-1);
    const last = runs.at(-1);
    if (last && JSON.stringify(last[0]) === JSON.stringify(action)) last[1] += 1;
    else runs.push([action, 1]);
  }

  /** Ends it; gives for how long the tab was hidden. */
  over() {
    document.removeEventListener('visibilitychange', this.#hears);
    this.#shown();
    return this.#hidden;
  }
}

/** The sum of numbers, or of numbers by agent, each of which may be 0 as well. */
function sumOf(scores) {
  const byAgent = scores.filter((score) => typeof score === 'object');
  if (byAgent.length === 0) return scores.reduce((sum, score) => sum + score, 0);
  const agents = Object.keys(byAgent[0]);
  return Object.fromEntries(agents.map((agent) => [agent, byAgent.reduce((sum, score) => sum + score[agent], 0)]));
}

/** The seats of an environment whose every agent plays at random. */
function randomSeats({ env, kwargs }) {
  const entry = registry.get(env);
  if (!entry) return null;
  const more = entry.agentsFrom.map((name) => {
    const argument = /** @type {any} */ (entry.arguments.find((argument) => argument.name === name));
    return (kwargs?.[name] ?? argument.default) - argument.default;
  });
  const agents = more.reduce((sum, count) => sum + count, entry.agents);
  return Object.fromEntries(Array.from({ length: agents }, (_, agent) => [`agent_${agent}`, 'random']));
}

/** Of so many steps a page keeps the stamps at most. It has memory for those that are played only. */
const mostStamps = 1_000_000;

/** jsPsych's nothing is null, ours is to leave it out. */
const given = (options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));

/**
 * The options of `play` that a trial's parameters are, but for what it is shown on and who hears of it.
 *
 * @returns {any}
 */
function optionsOf({ env, kwargs, seed, episodes, fps, keys, seats, match, controls, ...trial }) {
  const { max_steps: maxSteps, input_mode: inputMode, touch_controls: touchControls } = trial;
  const metricsCapacity = trial.save_pipeline_metrics ? mostStamps : null;
  const bar = controls ? true : null;
  return given({
    ...{ env, kwargs, seed, episodes, fps, keys, seats, match, maxSteps, inputMode, touchControls, metricsCapacity },
    controls: bar,
  });
}

export default class PalaestraPlugin {
  static info = info;
  #jsPsych;

  constructor(jsPsych) {
    this.#jsPsych = jsPsych;
  }

  /** Plays a game and resolves to the trial's data. */
  async trial(display, trial, onLoad) {
    const canvas = document.createElement('canvas');
    canvas.style.width = `min(100%, ${trial.canvas_size}px)`;
    canvas.tabIndex = 0;
    const prompt = document.createElement('div');
    prompt.innerHTML = trial.prompt ?? '';
    display.replaceChildren(canvas, prompt);
    const playing = this.#play(trial, { canvas });
    canvas.focus();
    onLoad?.();
    return playing;
  }

  /** The same with random actions, from the trial's seed: at once and without a picture in mode `data-only`. */
  async simulate(trial, mode, { data = {} } = {}, onLoad) {
    const seats = trial.match ? null : randomSeats(trial);
    // A match has its partners in its seats, and of an environment in Python nobody knows how many there are.
    if (!seats) {
      throw new Error(
        `${trial.env}: expected a game that one browser plays and whose agents are known, found another: it cannot be simulated`,
      );
    }
    if (mode === 'visual') {
      return { ...(await this.trial(this.#jsPsych.getDisplayElement(), { ...trial, seats }, onLoad)), ...data };
    }
    onLoad?.();
    return { ...(await this.#play({ ...trial, seats }, { fps: 240, episodePause: 0 })), ...data };
  }

  async #play(trial, how) {
    const log = new TrialLog();
    const game = play({
      ...optionsOf(trial),
      ...how,
      onTransition: (transition) => log.transition(transition),
      onStep: (row) => {
        log.step(row);
        trial.on_step?.(row);
      },
    });
    const stop = this.#endsWithTrial(game, trial, how.canvas);
    try {
      return await dataOf(game, await game.finished, trial, log);
    } finally {
      log.over();
      stop();
    }
  }

  /** jsPsych tells no plugin that an experiment was aborted: it takes away what the trial shows. */
  #endsWithTrial(game, { trial_duration: duration }, canvas) {
    const timer = duration === null ? undefined : setTimeout(() => game.dispose('timeout').catch(() => {}), duration);
    const gone = new MutationObserver(() => {
      if (!canvas.isConnected) game.dispose('closed').catch(() => {});
    });
    if (canvas) gone.observe(document, { childList: true, subtree: true });
    return () => {
      clearTimeout(timer);
      gone.disconnect();
    };
  }
}

/** What a part of the data is. Where it cannot be had it is `none`, and the page is told: no fault of one part takes the trial with it. */
async function had(make, none = null) {
  try {
    return await make();
  } catch (error) {
    reportError(error);
    return none;
  }
}

const orNull = (number) => (Number.isFinite(number) ? number : null);

/** What a trial leaves. Until all of it is there the browser keeps the record: a replay takes a while, and a tab may be closed meanwhile. */
async function dataOf(game, record, trial, log) {
  const hidden = log.over();
  const text = await had(() => record.text({ keep: true }));
  const hash = /"hash":"([0-9a-f]{16})"(?!.*"hash":)/s.exec(text?.slice(-20_000) ?? '');
  const data = {
    env_id: record.header.env_id,
    seed: record.header.seed,
    steps: record.steps,
    score: await had(() => (log.episodes.length > 0 ? sumOf(log.episodes.map(({ score }) => score)) : null)),
    end_reason: record.reason,
    episodes: log.episodes,
    resumed_at: log.resumedAt,
    first_action_time: orNull(log.firstKeyAt - log.beganAt),
    ...(await had(() => displayOf(game.pipelineMetrics, log), {
      latency: null,
      dropped_frames: null,
      display_rate: null,
    })),
    hidden_time: hidden,
    state_hash: hash?.[1] ?? null,
    verified: await had(async () => (await record.verification()).identical),
    ...(trial.save_trajectory === 'actions' && { actions: log.actions }),
    ...(trial.save_trajectory === 'full' && { trajectory: text }),
    ...(trial.save_pipeline_metrics &&
      (await had(() => stampsOf(game.pipelineMetrics), { first_frame: null, pipeline_metrics: null }))),
  };
  if (text !== null) record.discard();
  return data;
}

/** What the display did. The time is that of all steps: of a long game the page keeps the stamps of the latest only. */
function displayOf(metrics, { firstStepAt, lastStepAt }) {
  const { total, animationFrames, droppedFrames } = metrics.summary();
  const { count: _, ...latency } = total;
  const rate = animationFrames > 0 ? animationFrames / ((lastStepAt - firstStepAt) / 1000) : NaN;
  return {
    latency: Object.fromEntries(Object.entries(latency).map(([name, ms]) => [name, orNull(ms)])),
    dropped_frames: droppedFrames,
    display_rate: orNull(rate),
  };
}

/** The stamps of the steps, from key to pixel. */
function stampsOf(metrics) {
  const { firstFrame, ...columns } = metrics.history();
  const lists = Object.entries(columns).map(([name, column]) => [name, Array.from(column, orNull)]);
  return { first_frame: firstFrame, pipeline_metrics: Object.fromEntries(lists) };
}

/**
 * Loads what the games of later trials need, as jsPsych's own `preload` does with pictures and sounds: while its message stands there, and
 * not at a game's beginning. It goes on when it is done, also where something could not be had: a game loads what is missing, or says why
 * it cannot.
 */
export class PalaestraPreload {
  static info = preloadInfo;
  #jsPsych;

  constructor(jsPsych) {
    this.#jsPsych = jsPsych;
  }

  /** Loads, and resolves to the trial's data. */
  async trial(display, trial, onLoad) {
    display.innerHTML = trial.message;
    onLoad?.();
    const games = [...trial.envs.map((env) => ({ env })), ...gamesOf(trial.trials).map(optionsOf)];
    // A design has a game many times over, with other seeds.
    const different = new Map(games.map((game) => [JSON.stringify({ ...game, seed: 0 }), game]));
    const outcomes = await Promise.all([...different.values()].map(outcomeOf));
    const envs = [...new Set(outcomes.map(({ env }) => env))];
    const failed = outcomes.filter(({ code }) => code !== undefined);
    const isThere = (env) => !failed.some((one) => one.env === env);
    return { success: failed.length === 0, loaded: envs.filter(isThere), failed };
  }

  /** The same: what is played afterwards is played by games. */
  async simulate(trial, _mode, { data = {} } = {}, onLoad) {
    return { ...(await this.trial(this.#jsPsych.getDisplayElement(), trial, onLoad)), ...data };
  }
}

/** What becomes of loading a game's files: its environment, and where it failed why. */
async function outcomeOf(game) {
  const { env } = game;
  try {
    // A trial hears of every step, for which a script is needed as well.
    await preload(env, { ...game, onStep() {} });
    return { env };
  } catch (error) {
    return { env, code: error.code, message: error.message };
  }
}

/** What a trial is, where it does not say otherwise. */
const usual = Object.fromEntries(Object.entries(info.parameters).map(([name, { default: value }]) => [name, value]));

/**
 * The parameters of the games in a timeline, and in those within it, which have what stands around them: of each row of timeline variables a game
 * of its own. What a function gives is not known before its trial: the game is taken as if it were not there.
 *
 * @returns {any[]}
 */
function gamesOf(nodes, around = {}, rows = [{}]) {
  return [nodes].flat().flatMap((node) => {
    const { timeline, timeline_variables: own = [{}], ...rest } = Array.isArray(node) ? { timeline: node } : node;
    const here = { ...around, ...rest };
    const known = rows.flatMap((row) => own.map((values) => ({ ...row, ...values })));
    if (timeline) return gamesOf(timeline, here, known);
    if (here.type !== PalaestraPlugin) return [];
    return known.map((row) => resolved(here, row)).filter(({ env }) => typeof env === 'string');
  });
}

/** A trial's parameters, those that are timeline variables with their values in a row. A function has a name as well, which says nothing. */
function resolved(trial, row) {
  const inRow = (value) => {
    const isVariable = typeof value === 'object' && value && Object.getPrototypeOf(value) !== Object.prototype;
    return isVariable && value.name in row ? row[value.name] : value;
  };
  const known = Object.keys(usual).map((name) => [name, name in trial ? inRow(trial[name]) : usual[name]]);
  return Object.fromEntries(known.map(([name, value]) => [name, typeof value === 'function' ? usual[name] : value]));
}
