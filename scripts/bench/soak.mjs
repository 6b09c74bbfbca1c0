// The soak as a section of the report.
import { launchEngine, withPage } from '../browser/engines.mjs';
import { openBenchSite } from './site.mjs';
import { interpreted, quantities, soakFigures, soakPage } from './soak-run.mjs';

export const soak = {
  name: 'soak',
  title: 'Soak',
  about:
    'Sessions one after another in one page, of every environment in turn, each by make and then by play: complete, packed and ' +
    'replayed, disposed of in the middle of a step, panicked, hung. The first twenty also play a moment of every environment, whose code ' +
    'and pictures stay with the browser. Sampled every fifth session, once its Workers are gone and ' +
    'the garbage is collected; JavaScript is interpreted, since what V8 compiles stands in the same heap. Nothing may grow from the twentieth on: the slope is that of a straight line through the samples.',
  apart: true,
  faults: true,
  async run({ owner, quick, update }) {
    const site = await openBenchSite(owner, { faults: true });
    const chromium = await launchEngine('Chromium', owner, { args: interpreted });
    const sessions = quick ? 40 : 200;
    const { samples, endings } = await withPage(chromium, `${site.url}bench/bench.html`, ({ page }) =>
      soakPage(chromium.browser, page, { sessions, update }),
    );
    const plots = Object.entries(quantities)
      .filter(([key]) => samples[0][key] !== undefined)
      .map(([key, { name, unit }]) => ({
        title: name,
        unit,
        x: 'session',
        points: samples.map((sample) => [sample.session, sample[key]]),
      }));
    const ended = Object.entries(endings).map(([ending, count]) => `${count} ${ending}`);
    return { figures: soakFigures(samples), notes: [`${sessions} sessions: ${ended.join(', ')}.`], plots };
  },
};
