// What two pages say to each other through the server while they connect (WebRTC's signalling), read. The other page may be anybody's.
//
//   want         the page of the higher seat would like to connect; it makes up the id by which the attempt is known
//   description  an offer, by the page of the lower seat; an answer, by the other
//   candidates   addresses to be reached at
//   bye          there will be no direct connection

const MOST_ID = 64;
const MOST_SDP = 16 * 1024;
const MOST_CANDIDATES = 32;
const MOST_CANDIDATE = 1024;

/**
 * @typedef {{ kind: 'want', id: string }
 *   | { kind: 'description', id: string, description: { type: 'offer' | 'answer', sdp: string } }
 *   | { kind: 'candidates', id: string, candidates: { candidate: string, sdpMid: string | null, sdpMLineIndex: number | null }[] }
 *   | { kind: 'bye', id: string }} Signal
 */

const text = (value, most) => typeof value === 'string' && value.length <= most;
const orNull = (value, holds) => value === null || value === undefined || holds(value);

const isDescription = (value) => (value?.type === 'offer' || value?.type === 'answer') && text(value.sdp, MOST_SDP);

const isCandidate = (value) =>
  text(value?.candidate, MOST_CANDIDATE) &&
  orNull(value.sdpMid, (mid) => text(mid, MOST_ID)) &&
  orNull(value.sdpMLineIndex, (index) => Number.isInteger(index) && index >= 0 && index < 256);

/**
 * Reads what came from another page.
 *
 * @param {any} data
 * @returns {Signal | undefined} undefined for anything else
 */
export function readSignal(data) {
  if (data === null || typeof data !== 'object' || !text(data.id, MOST_ID) || data.id === '') return undefined;
  const { kind, id, description, candidates } = data;
  switch (kind) {
    case 'want':
    case 'bye':
      return { kind, id };
    case 'description':
      if (!isDescription(description)) return undefined;
      return { kind, id, description: { type: description.type, sdp: description.sdp } };
    case 'candidates': {
      const whole = Array.isArray(candidates) && candidates.length <= MOST_CANDIDATES && candidates.every(isCandidate);
      if (!whole) return undefined;
      const plain = ({ candidate, sdpMid = null, sdpMLineIndex = null }) => ({ candidate, sdpMid, sdpMLineIndex });
      return { kind, id, candidates: candidates.map(plain) };
    }
    default:
      return undefined;
  }
}
