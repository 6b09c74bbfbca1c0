// What recruitment sites write into a page's address: who takes part, in which study and session.

/** Names of parameters that hold a participant's id; case does not count. */
const PARTICIPANT = ['participant', 'prolific_pid', 'workerid', 'sona_id', 'survey_code', 'jatosworkerid'];
/** Those that say what it is a part of. */
const STUDY = ['study_id', 'session_id', 'assignmentid', 'hitid', 'turksubmitto'];
const LONGEST = 128;
/** The longest value that goes into a record. */
const LONGEST_VALUE = 1000;

/**
 * The id in an address's query, if there is one.
 *
 * @param {string} search
 */
export function participantIn(search) {
  const found = new Map();
  for (const [name, value] of new URLSearchParams(search)) {
    const id = value.trim();
    if (id !== '' && id.length <= LONGEST && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), id);
  }
  const name = PARTICIPANT.find((known) => found.has(known));
  return name === undefined ? undefined : /** @type {string} */ (found.get(name));
}

/**
 * The parameters of the page's address that a record is to have: those of recruitment sites, or those of these names; as JSON, none where
 * there are none.
 *
 * @param {string[] | undefined} names
 */
export function recordedAddress(names) {
  const wanted = names
    ? (name) => names.includes(name)
    : (name) => [...PARTICIPANT, ...STUDY].includes(name.toLowerCase());
  const found = [...new URLSearchParams(location.search)].filter(([name]) => wanted(name)).sort();
  if (found.length === 0) return undefined;
  // By characters: half a surrogate pair is no text that a record can be read with.
  const cut = (value) => [...value].slice(0, LONGEST_VALUE).join('');
  return JSON.stringify(Object.fromEntries(found.map(([name, value]) => [name, cut(value)])));
}

/** The participant that the page's address names. */
export const addressedParticipant = () => participantIn(location.search);
