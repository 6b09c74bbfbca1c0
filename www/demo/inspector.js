// What goes on inside: the session's life, its latencies, and what it keeps in memory.
import { LatencyPlot } from './latency-plot.js';
import { bytes, milliseconds, reasonWords } from './words.js';

const STATES = ['created', 'waiting', 'matched', 'validating', 'playing', 'ended', 'disposed'];
const SPANS = [
  ['queue', 'queue', 'From the key until it is sent with a step'],
  ['wait', 'wait', 'At the Worker, until the time of the step has come'],
  ['crossing', 'crossing', 'To the Worker and back, without the wait and the step'],
  ['step', 'step', 'The step in the Worker'],
  ['roundTrip', 'round trip', 'From the call to the return, without the wait'],
  ['render', 'render', 'Drawing'],
  ['total', 'total', 'From the key to the painted picture'],
];
const COLUMNS = ['p50', 'p95', 'p99', 'max'];
/** Steps in the plot, and steps that the table is about: enough for a p99, few enough to sort in passing. */
const PLOTTED = 200;
const SUMMARISED = 1000;
/** The part of the page's time that looking inside may take: the game comes first, also on a slow machine. */
const SHARE = 0.01;
/** How often the table and the memory are brought up to date, in milliseconds; the plot is each time. */
const SLOW_MS = 1000;

const byId = /** @type {Document['getElementById']} */ ((id) => document.getElementById(id));
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

export class Inspector {
  #panel = byId('inspector');
  #plot = new LatencyPlot(byId('latency'));
  #liveSessions;
  /** The one that is shown. */
  #session;
  #states;
  #cells = new Map();
  #memory = new Map();
  #slowAt = -Infinity;
  #restUntil = -Infinity;

  constructor(liveSessions) {
    this.#liveSessions = liveSessions;
    this.#states = new Map(STATES.map((name) => [name, make('span', { className: 'at', textContent: ' ' })]));
    byId('life').replaceChildren(
      ...STATES.map((name) => make('li', {}, make('b', { textContent: name }), this.#states.get(name))),
    );
    this.#buildTable();
    this.#buildMemory();
    // On a small screen it would lie between the game and what comes after.
    this.#panel.open = matchMedia('(min-width: 70rem)').matches;
    this.#memorise({});
    this.#panel.addEventListener('toggle', () => this.#session && this.#now(this.#session));
  }

  begin(session) {
    this.#session = session;
    this.#slowAt = -Infinity;
    for (const cell of this.#cells.values()) cell.textContent = '–';
    byId('life-reason').textContent = '';
    this.entered(session);
  }

  /** Lights the state the session is in. */
  entered(session) {
    const { states, reason } = session;
    // Seen also at the end, when the record has not taken it away yet.
    session.recordedBytes = Math.max(session.recordedBytes, session.game.recordedBytes);
    const start = states[0].at;
    const reached = new Map(states.map(({ name, at }) => [name, at - start]));
    const present = states.at(-1).name;
    for (const [name, cell] of this.#states) {
      const item = cell.parentElement;
      item.classList.toggle('passed', reached.has(name) && name !== present);
      if (name === present) item.setAttribute('aria-current', 'step');
      else item.removeAttribute('aria-current');
      cell.textContent = reached.has(name) ? `+${since(reached.get(name))}` : ' ';
    }
    if (reason) byId('life-reason').textContent = `Ended because: ${reason}. ${reasonWords(reason)}.`;
  }

  /** The session is over: its last figures, and how its Worker went. */
  over(session) {
    this.entered(session);
    this.#now(session);
  }

  /** The record is packed. */
  packed(session, blob, { message }) {
    session.file = `${bytes(blob.size)}, ${message}`;
    this.#memorise(session);
  }

  /** Draws the plot; now and then the rest as well. */
  refresh(session) {
    const now = performance.now();
    if (!this.#panel.open || now < this.#restUntil) return;
    const { pipelineMetrics } = session.game;
    const history = pipelineMetrics.history({ last: PLOTTED });
    const tail = (station) => history[`${station}Timestamp`].slice(-PLOTTED);
    const between = (from, to) => {
      const starts = tail(from);
      return tail(to).map((at, i) => at - starts[i]);
    };
    const waits = between('workerReceive', 'stepBegin');
    const roundTrips = between('stepCall', 'stepReturn').map((ms, i) => ms - waits[i]);
    const steps = between('stepBegin', 'stepEnd');
    this.#plot.draw(roundTrips, steps);
    if (now - this.#slowAt >= SLOW_MS) {
      this.#slowAt = now;
      this.#figures('round-trip', roundTrips);
      this.#figures('worker-step', steps);
      this.#tabulate(pipelineMetrics.summary({ last: SUMMARISED }));
      session.recordedBytes = Math.max(session.recordedBytes, session.game.recordedBytes);
      this.#memorise(session);
    }
    this.#restUntil = now + (performance.now() - now) / SHARE;
  }

  #now(session) {
    this.#slowAt = this.#restUntil = -Infinity;
    this.refresh(session);
  }

  #figures(series, values) {
    document.querySelectorAll(`.${series} b`).forEach((cell, i) => {
      cell.textContent = milliseconds(percentile(values, [0.5, 0.95, 0.99][i]));
    });
  }

  #tabulate(summary) {
    for (const [name] of SPANS) {
      for (const column of COLUMNS)
        this.#cells.get(`${name} ${column}`).textContent = milliseconds(summary[name][column]);
    }
    this.#cells.get('dropped').textContent = `${summary.droppedFrames} of ${summary.animationFrames}`;
  }

  /** @param {{ recordedBytes?: number, record?: import('palaestra').GameRecord, file?: string }} session */
  #memorise({ recordedBytes, record, file }) {
    const heap = performance.memory?.usedJSHeapSize;
    const { disposal } = record ?? {};
    const texts = {
      recorded: recordedBytes === undefined ? '–' : bytes(recordedBytes),
      heap: heap === undefined ? 'this browser does not tell' : bytes(heap),
      live: String(this.#liveSessions()),
      worker: disposal
        ? `${disposal.outcome}, ${milliseconds(disposal.durationMs)} ms, ${disposal.rejectedRequests} requests rejected`
        : '–',
      file: file ?? '–',
    };
    for (const [name, text] of Object.entries(texts)) this.#memory.get(name).textContent = text;
  }

  #buildTable() {
    const head = make(
      'tr',
      {},
      make('th', { scope: 'col', textContent: 'ms' }),
      ...COLUMNS.map((name) => make('th', { scope: 'col', textContent: name })),
    );
    const rows = SPANS.map(([name, title, meaning]) => {
      const cells = COLUMNS.map((column) => {
        const cell = make('td', { textContent: '–' });
        this.#cells.set(`${name} ${column}`, cell);
        return cell;
      });
      return make('tr', { title: meaning }, make('th', { scope: 'row', textContent: title }), ...cells);
    });
    const dropped = make('td', { colSpan: COLUMNS.length, textContent: '–' });
    this.#cells.set('dropped', dropped);
    rows.push(
      make(
        'tr',
        { title: 'Animation frames that the display had time for and the page did not use' },
        make('th', { scope: 'row', textContent: 'dropped frames' }),
        dropped,
      ),
    );
    byId('spans').replaceChildren(
      make('caption', { textContent: `Of the last ${SUMMARISED} steps` }),
      make('thead', {}, head),
      make('tbody', {}, ...rows),
    );
  }

  #buildMemory() {
    const rows = [
      ['recorded', 'Record of this session'],
      ['file', 'Its record as a file'],
      ['worker', 'How its Worker went'],
      ['live', 'Live sessions'],
      ['heap', 'JavaScript heap of the page'],
    ];
    byId('memory').replaceChildren(
      ...rows.map(([name, title]) => {
        const cell = make('dd', { textContent: '–' });
        this.#memory.set(name, cell);
        return make('div', {}, make('dt', { textContent: title }), cell);
      }),
    );
  }
}

const since = (ms) => (ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** A value of a series by nearest rank; undefined where there is none. */
function percentile(series, part) {
  const sorted = series.filter((ms) => !Number.isNaN(ms)).sort();
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
}
