// A study as jsPsych has it: instructions, practice, three episodes, a question.
import { initJsPsych } from 'jspsych';
import button from '@jspsych/plugin-html-button-response';
import survey from '@jspsych/plugin-survey-text';
import { simulateTimeline, startTimeline } from '@jspsych/test-utils';
import palaestra, { PalaestraPreload } from 'palaestra/jspsych';
import { liveSessions } from 'palaestra';

const cartpole = { type: palaestra, env: 'CartPole-v1', seed: 7, fps: 60, prompt: '<p>Keep it up.</p>' };
const timeline = [
  { type: button, stimulus: 'Keep the pole up.', choices: ['Begin'] },
  { ...cartpole, max_steps: 5, save_trajectory: 'none' },
  { ...cartpole, episodes: 3, save_trajectory: 'full', save_pipeline_metrics: true },
  { ...cartpole, env: 'overcooked_ai/cramped_room', seats: { agent_0: 'human', agent_1: 'idle' }, max_steps: 40 },
  { type: survey, questions: [{ prompt: 'How was it?', name: 'how' }] },
];

window.jsPsych = initJsPsych({ on_finish: () => (window.finished = true) });
window.begin = (mode) => {
  window.finished = false;
  if (mode) window.jsPsych.simulate(timeline, mode);
  else window.jsPsych.run(timeline);
};
/** A study that loads before it plays: of these timelines, and of environments that it is told. */
window.beginLoaded = (envs) => {
  window.finished = false;
  const env = window.jsPsych.timelineVariable('env');
  const seats = window.jsPsych.timelineVariable('who');
  const games = {
    ...{ ...cartpole, max_steps: 3 },
    timeline: [
      { prompt: 'One.' },
      [{ env: 'slimevb/SlimeVolleyEnv' }],
      {
        timeline: [{ env, seats, controls: true }],
        timeline_variables: [{ env: 'mpe2/simple_v3', who: { agent_0: 'expert' } }],
      },
    ],
  };
  // What a function gives is not known before, whatever it is called.
  const told = { timeline: [{ ...cartpole, env: () => 'CartPole-v1' }], timeline_variables: [{ env: 'Taxi-v4' }] };
  const loading = {
    type: PalaestraPreload,
    trials: [timeline[0], games, told],
    envs,
    message: '<p id="loading">A moment.</p>',
  };
  window.jsPsych.run([loading, { type: button, stimulus: 'Loaded.', choices: ['Play'] }, games]);
};
window.data = () => window.jsPsych.data.get().values();
window.live = liveSessions;

// jsPsych's own tools for the tests of plugins, which ask a test runner for this one word.
window.expect = (found) => ({
  toBe(expected) {
    if (!Object.is(found, expected)) throw new Error(`expected ${expected}, found ${found}`);
  },
});
window.startTimeline = (...trials) => startTimeline(trials.map((trial) => ({ ...cartpole, ...trial })));
window.simulateTimeline = (mode, ...trials) =>
  simulateTimeline(
    trials.map((trial) => ({ ...cartpole, ...trial })),
    mode,
  );
