// The monitor's page: what the server tells once a second, and one match that is watched, by the module of the site.

const token = new URLSearchParams(location.search).get('token') ?? '';
/** The most people of a waitroom, and matches of a lobby, that are listed. */
const MOST_WAITING = 40;
const MOST_MATCHES = 300;
/** From so many milliseconds to the server and back on, a round trip is slow, and far. */
const SLOW_MS = 120;
const FAR_MS = 250;

/** @type {<E extends HTMLElement = HTMLElement>(selector: string) => E} */
const one = (selector) => document.querySelector(selector);

/** @param {string} name @param {string} [className] @param {string} [text] */
function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Says something, if it is not said already: what is selected or read out stays as it is. */
function say(place, text, className) {
  if (place.textContent !== text) place.textContent = text;
  if (className !== undefined && place.className !== className) place.className = className;
}

/** Has one child of `parent` for each item, in order; those of items that were there before are kept. */
function keep(parent, items, keyOf, make, update) {
  const known = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let before = null;
  for (const item of items) {
    const key = keyOf(item);
    let child = known.get(key);
    known.delete(key);
    if (!child) {
      child = make(item);
      child.dataset.key = key;
    }
    const next = before ? before.nextSibling : parent.firstChild;
    if (next !== child) parent.insertBefore(child, next);
    update(child, item);
    before = child;
  }
  for (const gone of known.values()) gone.remove();
}

const some = (count, what, whats = `${what}s`) => `${count.toLocaleString('en')} ${count === 1 ? what : whats}`;

function duration(ms) {
  const seconds = Math.round(ms / 1000);
  const two = (number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

// People.

function makePerson() {
  const made = element('span', 'person');
  made.append(element('span', 'name'), element('span', 'note'));
  return made;
}

function showPerson(place, { participant, state, person }) {
  const rtt = person?.rtt_ms;
  const notes = [];
  if (state !== 'connected') notes.push(state);
  if (person?.away) notes.push('looks elsewhere');
  if (rtt !== null && rtt !== undefined) notes.push(`${Math.round(rtt)} ms`);
  const speed = rtt >= FAR_MS ? 'note far' : rtt >= SLOW_MS ? 'note slow' : 'note';
  if (place.className !== `person ${state}`) place.className = `person ${state}`;
  const [name, note] = place.children;
  say(name, participant);
  say(note, notes.join(', '), speed);
}

const seatKey = (seat) => seat.participant;

// Matches and lobbies.

/** What is told of a match: a class each, and its head. */
const columns = [
  ['id', 'match'],
  ['state', 'state'],
  ['time', 'since'],
  ['frames', 'frames'],
  ['people', 'people'],
  ['watchers', 'watching'],
];

function makeMatch(match) {
  const row = element('tr');
  const button = element('button', 'match', match.id);
  button.setAttribute('type', 'button');
  button.title = 'Watch this match';
  const cells = columns.map(([name]) => element('td', name));
  cells[0].append(button);
  cells[1].append(element('span', 'pill'));
  row.append(...cells);
  // Anywhere in the row; the button is for keyboards and screen readers.
  row.onclick = () => {
    if (!button.hasAttribute('disabled')) watchMatch(match.id);
  };
  return row;
}

function showMatch(row, match) {
  const [name, state, time, frames, people, watchers] = row.children;
  const word = match.state ?? 'over';
  const open = match.watch_token !== null;
  name.firstElementChild.toggleAttribute('disabled', !open);
  row.classList.toggle('can', open);
  row.classList.toggle('watched', viewer.id === match.id);
  say(state.firstElementChild, word, `pill ${word}`);
  say(time, duration(match.age_ms));
  say(frames, match.frames.toLocaleString('en'));
  keep(people, match.seats, seatKey, makePerson, showPerson);
  say(watchers, match.watchers > 0 ? String(match.watchers) : '');
}

function makeLobby(lobby) {
  const card = element('article', 'card');
  const head = element('div', 'head');
  head.append(element('h2', '', lobby.id), element('span', 'env'), element('span', 'counts'));
  const scroll = element('div', 'scroll');
  const table = element('table');
  const heads = element('tr');
  for (const [name, text] of columns) {
    const cell = element('th', name, text);
    cell.setAttribute('scope', 'col');
    heads.append(cell);
  }
  const top = element('thead');
  top.append(heads);
  table.append(top, element('tbody'));
  scroll.append(table);
  const waits = element('div', 'waits');
  waits.append(element('b'), element('span', 'list'), element('span', 'more'));
  card.append(head, scroll, waits);
  return card;
}

function showLobby(card, lobby) {
  const [head, scroll, waits] = card.children;
  say(head.children[1], `${lobby.env_id}, ${lobby.size} together`);
  say(head.children[2], `${some(lobby.matches.length, 'match', 'matches')}, ${lobby.waiting.length} waiting`);
  scroll.hidden = lobby.matches.length === 0;
  keep(scroll.querySelector('tbody'), lobby.matches.slice(0, MOST_MATCHES), (match) => match.id, makeMatch, showMatch);
  waits.hidden = lobby.waiting.length === 0;
  say(waits.children[0], 'Waiting');
  keep(waits.children[1], lobby.waiting.slice(0, MOST_WAITING), seatKey, makePerson, (place, person) => {
    showPerson(place, {
      participant: person.participant,
      state: person.connected ? 'connected' : 'reconnecting',
      person,
    });
    const note = place.children[1];
    say(note, [duration(person.waited_ms), note.textContent].filter(Boolean).join(', '));
  });
  const more = lobby.waiting.length - MOST_WAITING;
  say(waits.children[2], more > 0 ? `and ${some(more, 'other')}` : '');
}

function show(lobbies) {
  const place = one('#lobbies');
  const sum = (of) => lobbies.reduce((total, lobby) => total + of(lobby), 0);
  const present = (match) => match.seats.filter(({ person }) => person !== null).length;
  say(one('#waiting'), sum((lobby) => lobby.waiting.length).toLocaleString('en'));
  const matches = lobbies.flatMap((lobby) => lobby.matches.map((match) => ({ ...match, lobby })));
  say(one('#playing'), matches.reduce((total, match) => total + present(match), 0).toLocaleString('en'));
  say(one('#matches'), matches.length.toLocaleString('en'));
  say(one('#watching'), matches.reduce((total, match) => total + match.watchers, 0).toLocaleString('en'));
  // Where something happens, first.
  const busy = (lobby) => lobby.matches.length + lobby.waiting.length > 0;
  const sorted = [...lobbies.filter(busy), ...lobbies.filter((lobby) => !busy(lobby))];
  place.querySelector('.empty')?.remove();
  keep(place, sorted, (lobby) => lobby.id, makeLobby, showLobby);
  if (lobbies.length === 0) place.append(element('p', 'empty', 'No lobbies yet: the first page that comes opens one.'));
  viewer.seen(matches);
}

// The match that is watched.

const viewer = {
  id: '',
  /** @type {any} */
  spectator: undefined,
  /** @type {any} */
  match: undefined,

  /** What the list says of it. */
  seen(matches) {
    if (!this.id) return;
    const found = matches.find(({ id }) => id === this.id);
    this.match = found ?? this.match;
    if (found) keep(one('#people'), found.seats, seatKey, makePerson, showPerson);
    if (!this.spectator && found?.watch_token) this.begin();
    else if (!this.spectator && !found) say(one('#notice'), 'There is no such match any more.');
    this.tell();
  },

  async begin() {
    const { id, match } = this;
    this.spectator = 'loading';
    say(one('#notice'), 'Connecting…');
    // A canvas of its own: another match may have another shape.
    const canvas = document.createElement('canvas');
    one('.screen canvas').replaceWith(canvas);
    try {
      const { watch } = await import(new URL('palaestra.js', location.href).href).catch(() => {
        throw new Error('To watch a match here, the server has to serve the site: start it with --site.');
      });
      if (this.id !== id) return;
      const server = new URL('.', location.href).href;
      const spectator = await watch({
        server,
        match: id,
        token: match.watch_token,
        canvas,
        onChange: () => this.tell(),
      });
      if (this.id !== id) return void spectator.dispose();
      this.spectator = spectator;
      spectator.finished.then(
        ({ reason }) =>
          this.over(id, reason === 'complete' ? 'Played to its end.' : `Over: ${reason.replaceAll('_', ' ')}.`),
        (error) => this.over(id, error.message),
      );
      this.tell();
    } catch (error) {
      this.over(id, error.message);
    }
  },

  over(id, text) {
    if (this.id === id) say(one('#notice'), text);
  },

  /** Says how it stands. */
  tell() {
    const { spectator, match } = this;
    const live = one('#live');
    if (typeof spectator !== 'object' || !match) return say(live, '', '');
    const facts = [];
    if (spectator.state === 'watching') {
      say(one('#notice'), spectator.connected ? '' : 'The connection is lost, and tried again…');
      facts.push(spectator.connected ? 'live' : 'reconnecting', `episode ${spectator.episode}`);
    }
    if (spectator.frameNumber > 0)
      facts.push(
        `step ${spectator.frameNumber.toLocaleString('en')}`,
        duration((spectator.frameNumber / match.fps) * 1000),
      );
    if (spectator.differs !== null) facts.push(`differs from the players' from step ${spectator.differs} on`);
    say(live, facts.join(' · '), spectator.state === 'watching' && spectator.connected ? 'on' : '');
  },

  close() {
    if (typeof this.spectator === 'object') this.spectator.dispose().catch(() => {});
    [this.id, this.spectator, this.match] = ['', undefined, undefined];
    one('#viewer').hidden = true;
    history.replaceState(null, '', location.pathname + location.search);
  },
};

/** Watches a match in place of another one. */
function watchMatch(id) {
  if (viewer.id === id) return;
  viewer.close();
  viewer.id = id;
  history.replaceState(null, '', `#${id}`);
  const title = one('#viewer h2');
  title.replaceChildren('Watching ', element('small', '', id));
  one('#people').replaceChildren();
  say(one('#notice'), 'Connecting…');
  say(one('#live'), '', '');
  one('#viewer').hidden = false;
  look();
}

one('#close').onclick = () => viewer.close();
one('#copy').onclick = async () => {
  if (!viewer.match?.watch_token) return;
  const button = one('#copy');
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(JSON.stringify({ match: viewer.id, token: viewer.match.watch_token }));
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'The browser does not let this page copy';
  }
  setTimeout(() => (button.textContent = label), 2000);
};

// What the server says, once a second.

const data = new URL('monitor/data', location.href);

async function look() {
  const status = one('#status');
  try {
    const answer = await fetch(data, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error((await answer.text()).trim());
    show(await answer.json());
    say(status, `As of ${new Date().toLocaleTimeString()}`, '');
  } catch (error) {
    say(status, `No answer: ${error.message}`, 'bad');
  }
}

const named = location.hash.slice(1);
if (/^m-[0-9a-f]+$/.test(named)) watchMatch(named);
for (;;) {
  await look();
  await new Promise((done) => setTimeout(done, 1000));
}
