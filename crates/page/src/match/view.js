// How a match stands, as `game.match` and `onMatch` show it: made of what is heard, pure.

/**
 * @typedef {object} Partner
 * @property {number} seat
 * @property {string} agent
 * @property {'connecting' | 'connected' | 'reconnecting' | 'gone'} state
 * @property {boolean} away whether that participant looks elsewhere
 * @property {number | null} graceLeft milliseconds in which a lost connection may come back
 * @property {number | null} ping milliseconds there and back
 * @property {'direct' | 'relay' | null} path
 *
 * @typedef {object} View
 * @property {'connecting' | 'waiting' | 'matched' | 'validating' | 'starting' | 'playing' | 'ended'} state
 * @property {boolean | null} connected whether the server is reached; null before it was tried
 * @property {string | null} participant
 * @property {number | null} position
 * @property {number | null} count
 * @property {number | null} size
 * @property {number | null} timeLeft
 * @property {number | null} estimate
 * @property {boolean} requeued whether a match came to nothing before
 * @property {string | null} id
 * @property {number | null} seat
 * @property {Record<string, Partner>} partners by agent
 * @property {number | null} ping to the server
 * @property {number | null} inputDelay
 * @property {number} rollbacks
 * @property {number} rolledBack
 * @property {number} depth
 * @property {number} deepest
 * @property {number} predicted
 * @property {number} stalls
 * @property {number} ahead
 * @property {boolean} stalled
 * @property {boolean} away
 * @property {boolean | null} socket whether the game's own connection is open
 * @property {{ reason: string, code: string, message: string, completionCode: string | null } | null} ended
 * @property {{ frames: number, verified: boolean | null, difference: string | null, seatsDiffer: object[] } | null} record
 */

/** @returns {View} */
export const newView = () => ({
  state: 'connecting',
  connected: null,
  participant: null,
  position: null,
  count: null,
  size: null,
  timeLeft: null,
  estimate: null,
  requeued: false,
  ...unmatched(),
  ping: null,
  ended: null,
  record: null,
});

const unmatched = () => ({
  id: null,
  seat: null,
  partners: /** @type {Record<string, Partner>} */ ({}),
  inputDelay: null,
  rollbacks: 0,
  rolledBack: 0,
  depth: 0,
  deepest: 0,
  predicted: 0,
  stalls: 0,
  ahead: 0,
  stalled: false,
  away: false,
  socket: null,
});

/** @param {View} view */
const live = (view) => view.state !== 'ended';

const at = (view, seat) => Object.values(view.partners).find((partner) => partner.seat === seat);

function setPartner(view, seat, fields) {
  const partner = at(view, seat);
  if (!partner) return view;
  return { ...view, partners: { ...view.partners, [partner.agent]: { ...partner, ...fields } } };
}

const withPaths = (view, paths) =>
  paths.reduce((view, { seat, path, rtt_ms }) => setPartner(view, seat, { path, ping: rtt_ms }), view);

/** @type {Record<string, (view: View, event: any) => View>} */
const hears = {
  connection: (view, { connected }) => ({ ...view, connected }),
  welcome: (view, { participant, size }) => ({ ...view, participant, size }),
  ping: (view, { ms }) => ({ ...view, ping: ms }),
  waiting: (view, { position, count, size, timeLeft, estimate }) =>
    live(view) ? { ...view, state: 'waiting', position, count, size, timeLeft, estimate } : view,
  requeued: (view) => ({ ...view, ...unmatched(), state: 'waiting', requeued: true }),
  matched: (view, { matched }) => {
    const others = matched.seats.filter(({ seat, kind }) => kind === 'person' && seat !== matched.seat);
    const partner = ({ seat, agent }) => ({
      seat,
      agent,
      state: 'connecting',
      away: false,
      graceLeft: null,
      ping: null,
      path: null,
    });
    return {
      ...view,
      ...unmatched(),
      state: 'matched',
      id: matched.match,
      seat: matched.seat,
      size: matched.size,
      inputDelay: matched.input_delay,
      partners: Object.fromEntries(others.map((info) => [info.agent, partner(info)])),
    };
  },
  validate: (view) => ({ ...view, state: 'validating' }),
  start: (view, { inputDelay }) => ({ ...view, state: view.state === 'playing' ? 'playing' : 'starting', inputDelay }),
  playing: (view) => (live(view) ? { ...view, state: 'playing' } : view),
  partner: (view, { seat, state, away, graceLeft }) => setPartner(view, seat, { state, away, graceLeft }),
  peer: (view, { seat, state }) => setPartner(view, seat, { state, ...(state === 'connected' && { graceLeft: null }) }),
  left: (view, { seat }) => setPartner(view, seat, { state: 'gone', graceLeft: null }),
  stalled: (view, { by }) => ({ ...view, stalled: by !== 0 }),
  socket: (view, { open }) => ({ ...view, socket: open }),
  away: (view, { away }) => ({ ...view, away }),
  validated: (view, { paths }) => withPaths(view, paths),
  vitals: (view, { type: _, paths, ...vitals }) => withPaths({ ...view, ...vitals }, paths),
  ended: (view, { reason, code, message, completionCode }) => ({
    ...view,
    state: 'ended',
    ended: view.ended ?? { reason, code, message, completionCode },
  }),
  failed: (view, { code, message, completionCode = null }) => ({
    ...view,
    state: 'ended',
    ended: view.ended ?? { reason: 'error', code, message, completionCode },
  }),
  record: (view, { frames, verified, difference, seatsDiffer, modelActions }) => ({
    ...view,
    record: { frames, verified, difference, seatsDiffer, modelActions },
  }),
};

/**
 * How it stands after what was heard. What says nothing of it gives the same view.
 *
 * @param {View} view
 * @param {{ type: string, [field: string]: any }} event
 * @returns {View}
 */
export function viewAfter(view, event) {
  const hear = Object.hasOwn(hears, event.type) ? hears[event.type] : undefined;
  return hear ? hear(view, event) : view;
}
