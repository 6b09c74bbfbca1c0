// The demo page: puts its parts together, and keeps them in step with the session.
import { Alerts } from './alerts.js';
import { Inspector } from './inspector.js';
import { learnLayout, plays } from './keys.js';
import { Legend } from './legend.js';
import { OptionsForm } from './options-form.js';
import { Picker } from './picker.js';
import { lasting, readQuery, sharable, writeQuery } from './query.js';
import { Sessions } from './session.js';
import { Stage } from './stage.js';
import { ONLINE, remember, remembered, serverWords } from './together.js';
import { described, scoreWords } from './words.js';

/** How often the figures are brought up to date, in milliseconds. */
const REFRESH_MS = 100;
/** How long after an end the keys that were just playing neither scroll nor start the next session. */
const CALM_MS = 1000;

const byId = /** @type {Document['getElementById']} */ ((id) => document.getElementById(id));
const alerts = new Alerts(byId('alerts'));
addEventListener('error', ({ error, message }) => alerts.show(error ?? { code: 'error', message }));
addEventListener('unhandledrejection', ({ reason }) => alerts.show(reason));

const loading = import('../palaestra.js').then(async (module) => {
  await module.init();
  return module;
});
const palaestra = await loading.catch((error) => {
  byId('starting').textContent = 'Palaestra could not be loaded.';
  alerts.show(error);
});
if (palaestra) {
  // Without them the page is one of few words.
  const words = await palaestra.descriptions().catch((error) => {
    alerts.show(error);
    return new Map();
  });
  demo({ ...palaestra, registry: described(palaestra.registry, words) });
}

function demo({ registry, play, liveSessions }) {
  const { settings: asked, problems } = readQuery(location.search);
  if (asked.env !== undefined && !registry.has(asked.env)) {
    problems.push({
      code: 'unknown_environment',
      message: `The address of this page says env=${asked.env}, which is none of the environments here: choose one from the list.`,
    });
    delete asked.env;
  }
  problems.forEach((problem) => alerts.show(problem));

  const { autostart, ...first } =
    asked.env === undefined ? { ...suggestion(registry.values().next().value), ...asked } : asked;
  let entry = registry.get(first.env);
  let overAt = -Infinity;

  const stage = new Stage();
  const inspector = new Inspector(liveSessions);
  const canvas = byId('canvas');
  const form = new OptionsForm(byId('options'), changed);
  const picker = new Picker(byId('picker'), registry.values(), choose);
  const legend = new Legend(byId('legend'), canvas, () => stage.phase === 'playing');
  const sessions = new Sessions(play, canvas, { entered, matched, over, failed });

  form.show(entry, first);
  show();
  // Letters that the keyboard has elsewhere are printed anew.
  learnLayout().then(() => (stage.phase === 'intro' ? show() : legend.show(entry, form.read())));

  /** What the page offers of an environment before anybody has said how much of it they want. */
  function suggestion({ id, agents }) {
    return { env: id, episodes: agents > 1 ? 1 : 5 };
  }

  /** Shows the chosen environment, with nothing played yet. */
  function show() {
    const settings = form.read();
    picker.show(entry.id);
    legend.show(entry, settings);
    stage.intro(entry, settings);
    byId('together').hidden = entry.agents < 2;
  }

  async function choose(id) {
    const settings = form.read();
    const { seed, partner } = settings;
    entry = registry.get(id);
    const kept = { ...lasting(settings), seed, partner: entry.agents > 1 ? partner : undefined };
    form.show(entry, { ...suggestion(entry), ...kept });
    changed();
    await sessions.end();
    if (!sessions.current?.live) show();
  }

  /** The address says what is chosen, so that it can be sent on. */
  function changed() {
    const settings = form.read();
    history.replaceState(null, '', writeQuery({ env: entry.id, ...settings, autostart }));
    if (stage.phase === 'intro') show();
  }

  function start() {
    if (sessions.current?.live) return;
    alerts.clear();
    const wrong = form.problems();
    wrong.forEach((message) => alerts.show({ code: 'bad_option', message }));
    if (wrong.length > 0) return;
    const settings = form.read();
    try {
      sessions.start(entry, settings);
    } catch (error) {
      alerts.show(error);
      return;
    }
    legend.show(entry, settings);
    stage.loading(entry, sessions.current.online);
    inspector.begin(sessions.current);
    // A match has a seed of its own, which is known when it is played.
    if (!sessions.current.online) form.offerSeed(sessions.current.game.seed);
    refresh();
  }

  function entered(session, state) {
    inspector.entered(session);
    if (state === 'playing') {
      stage.playing(session.entry, session.game.spec);
      // Which seat one has among others is known only now.
      if (session.online) {
        legend.show(session.entry, { ...session.settings, seat: session.game.match.seat });
        form.offerSeed(session.game.seed);
      }
    }
    if (session.online) remember(state === 'playing' ? location.search : undefined);
    refresh();
  }

  /** What the server says of a game with others. */
  function matched({ game, online }) {
    if (!online || stage.phase !== 'ended') return;
    stage.server(serverWords(game.match));
  }

  async function over(session) {
    overAt = performance.now();
    const { record } = session;
    lastLook(session);
    stage.ended(record, session.last);
    matched(session);
    if (record.error) alerts.show(record.error);
    /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('button.download')).forEach((button) => {
      button.disabled = false;
    });
    try {
      const verdict = await record.verification();
      if (window.record !== record) return;
      if (stage.phase === 'ended') stage.verdict(verdict);
      inspector.packed(session, await record.blob(), verdict);
    } catch (error) {
      alerts.show(error);
      stage.verdict({ identical: null, message: `not verified: ${error?.message ?? error}` });
    }
  }

  function failed(session, error) {
    alerts.show(error);
    if (session !== sessions.current) return;
    lastLook(session);
    show();
    stage.say(`It could not start: ${error?.message ?? error}`);
  }

  /** The figures of a session that is over. Where the page's module has failed there are none, and the end is shown all the same. */
  function lastLook(session) {
    try {
      figures(session);
      inspector.over(session);
    } catch (error) {
      alerts.show(error);
    }
  }

  function figures(session) {
    const { game, shared } = session;
    const { score, episode } = game;
    session.last = { score, episode, shared };
    const words = episode > 0 ? scoreWords(score, shared) : '–';
    stage.figures([words, String(episode), String(game.frameNumber), String(game.seed)]);
  }

  /** Brings everything up to date with the game. */
  function refresh() {
    const session = sessions.current;
    if (!session?.live) return;
    const { game } = session;
    figures(session);
    if (game.state !== 'playing') return;
    if (game.paused && stage.phase === 'playing') stage.paused(!document.hidden);
    if (!game.paused && stage.phase === 'paused') stage.resumed();
    stage.note(stage.phase === 'playing' ? whyNothingMoves(session) : '');
    inspector.refresh(session);
  }

  /** What a person should know whose keys do nothing, or who waits for a game that waits for them. */
  function whyNothingMoves({ entry: { idle }, game }) {
    if (game.match) return '';
    if (!document.hasFocus() || isField(document.activeElement)) return 'The keyboard is elsewhere. Click here to play';
    return idle.length === 0 && game.frameNumber === 0 ? 'It waits for your first key' : '';
  }

  function togglePause() {
    const { game } = sessions.current ?? {};
    if (game?.state !== 'playing' || game.match) return;
    if (game.paused) game.resume();
    else game.pause();
    refresh();
  }

  async function download() {
    try {
      await window.record?.download();
    } catch (error) {
      alerts.show(error);
    }
  }

  /** The address of the very game that was played, for others. */
  async function copyLink() {
    const { entry: played, settings, record } = sessions.current;
    const query = writeQuery({ env: played.id, ...sharable(settings), seed: record.header.seed });
    const link = new URL(query, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      byId('copy-link').textContent = 'Link copied';
      stage.say('The link is copied.');
      setTimeout(() => {
        byId('copy-link').textContent = 'Copy link';
      }, 2000);
    } catch {
      alerts.show({ code: 'link', message: link });
    }
  }

  function keyDown(event) {
    const { code, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || isField(target)) return;
    const control = target.closest?.('button, a, summary');
    if (control && ['Enter', 'Space'].includes(code)) {
      // Somebody who has gone to a button by keyboard means the button: the game must not hear of it.
      event.stopPropagation();
      return;
    }
    const calm = performance.now() - overAt < CALM_MS;
    if (plays(entry, code) && (stage.phase === 'loading' || calm)) {
      event.preventDefault();
    } else if (code === 'Enter' && !event.repeat && ['intro', 'ended'].includes(stage.phase)) {
      event.preventDefault();
      start();
    } else if (code === 'Escape' && !plays(entry, code)) {
      togglePause();
    }
  }

  byId('setup').addEventListener('submit', (event) => {
    event.preventDefault();
    start();
  });
  byId('together').addEventListener('click', () => {
    form.choosePartner(ONLINE);
    changed();
    start();
  });
  byId('pause').addEventListener('click', togglePause);
  byId('resume').addEventListener('click', togglePause);
  byId('end').addEventListener('click', () => sessions.end());
  byId('copy-link').addEventListener('click', copyLink);
  byId('note').addEventListener('click', () => stage.focus());
  for (const button of document.querySelectorAll('.download')) button.addEventListener('click', download);
  document.addEventListener('keydown', keyDown);
  document.addEventListener('click', ({ target, detail }) => {
    if (!(target instanceof Element)) return;
    // A button that was clicked while playing must not be pressed again by the space bar. Clicks by keyboard have no detail.
    if (detail > 0 && stage.phase === 'playing' && !isField(target) && !target.closest('label')) stage.focus();
  });
  document.addEventListener('visibilitychange', refresh);
  setInterval(refresh, REFRESH_MS);

  if ((autostart || remembered(location.search)) && problems.length === 0) start();
}

const isField = (element) => ['INPUT', 'TEXTAREA', 'SELECT'].includes(element?.tagName);
