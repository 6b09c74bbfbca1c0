// The latest steps' latencies on a logarithmic axis: the round trip, and the step inside the Worker.

const LEAST_MS = 0.01;
const STEPS = 200;
const MARGIN = { left: 52, right: 6, top: 6, bottom: 6 };

export class LatencyPlot {
  #canvas;
  #context;
  #colours = {};
  #size = { width: 0, height: 0 };
  #drawn = [[], []];

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    this.#learnColours();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#learnColours();
      this.draw(...this.#drawn);
    });
    new ResizeObserver(([{ contentRect }]) => this.#fit(contentRect)).observe(canvas);
  }

  /** Draws two series of milliseconds, oldest first; of longer ones the end. */
  draw(roundTrips, steps) {
    this.#drawn = [roundTrips, steps];
    const { width, height } = this.#size;
    if (width === 0) return;
    const context = this.#context;
    // biome-ignore lint/complexity/useMathMinMax: what is not a number must not become the largest.
    const largest = roundTrips.reduce((most, ms) => (ms > most ? ms : most), 10);
    const decades = Math.ceil(Math.log10(largest / LEAST_MS) - 1e-9);
    const [left, bottom] = [MARGIN.left, height - MARGIN.bottom];
    const [across, up] = [(width - left - MARGIN.right) / (STEPS - 1), (bottom - MARGIN.top) / decades];
    // Clocks that are coarse on purpose give zeros: they lie on the lowest line.
    const y = (ms) => bottom - up * Math.log10(Math.max(ms, LEAST_MS) / LEAST_MS);

    context.clearRect(0, 0, width, height);
    this.#axis(decades, y, width);
    for (const [series, colour] of [
      [steps, this.#colours.step],
      [roundTrips, this.#colours.roundTrip],
    ]) {
      const first = Math.max(0, series.length - STEPS);
      const offset = STEPS - (series.length - first);
      context.beginPath();
      for (let i = first; i < series.length; i += 1) {
        if (Number.isNaN(series[i])) continue;
        context.lineTo(left + (i - first + offset) * across, y(series[i]));
      }
      context.strokeStyle = colour;
      context.lineWidth = 1.5;
      context.lineJoin = 'round';
      context.stroke();
    }
  }

  #axis(decades, y, width) {
    const context = this.#context;
    context.font = '11px system-ui, sans-serif';
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    context.fillStyle = this.#colours.text;
    context.strokeStyle = this.#colours.line;
    context.lineWidth = 1;
    context.beginPath();
    for (let decade = 0; decade <= decades; decade += 1) {
      const ms = LEAST_MS * 10 ** decade;
      const at = Math.round(y(ms)) + 0.5;
      context.moveTo(MARGIN.left, at);
      context.lineTo(width - MARGIN.right, at);
      context.fillText(decade === decades ? `${tidy(ms)} ms` : tidy(ms), MARGIN.left - 5, Math.max(at, 8));
    }
    context.stroke();
  }

  #learnColours() {
    const style = getComputedStyle(this.#canvas);
    const of = (name) => style.getPropertyValue(name).trim();
    this.#colours = {
      roundTrip: of('--round-trip'),
      step: of('--worker-step'),
      line: of('--line'),
      text: of('--quiet'),
    };
  }

  #fit({ width, height }) {
    const ratio = Math.min(devicePixelRatio, 3);
    this.#size = { width, height };
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.draw(...this.#drawn);
  }
}

const tidy = (ms) => String(Number(ms.toPrecision(1)));
