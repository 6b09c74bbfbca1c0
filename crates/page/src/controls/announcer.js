// What happens in a game, said to those who do not see it. No more often than one can listen.
import { filled } from '../filled.js';

const EVERY_MS = 1500;

/** What is to be said of a game, beside what was known of it. Pure. */
export function news(known, now, texts) {
  const said = [];
  if (now.state !== known.state && now.state === 'playing') said.push(texts.playing);
  if (now.paused && !known.paused) said.push(texts.paused);
  const next = now.episode !== known.episode && now.episode > 1;
  if (next) said.push(filled(texts.episode, { episode: now.episode }));
  // A score that begins anew is no news.
  const anew = next && now.score === '0';
  if (now.score !== known.score && now.score !== '' && !anew) said.push(filled(texts.score, { score: now.score }));
  return said.join(' ');
}

/** What there is to know of a game. Scores that differ between agents are said one after another. */
export function view(game) {
  const all = typeof game.score === 'number' ? [game.score] : Object.values(game.score ?? {});
  const scores = [...new Set(all.map((score) => String(Math.round(score * 100) / 100)))];
  return { state: game.state, paused: game.paused, episode: game.episode, score: scores.join(', ') };
}

/**
 * Says what happens; gives what ends it, which gives what is to be said of the score then.
 *
 * @param {any} game
 * @param {HTMLElement} place
 * @param {Record<string, string>} texts
 */
export function announce(game, place, texts) {
  let known = { state: '', paused: false, episode: 0, score: '0' };
  const look = () => {
    const now = view(game);
    const said = news(known, now, texts);
    known = now;
    if (said) place.textContent = said;
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    try {
      const { score } = view(game);
      return score === '' ? '' : filled(texts.score, { score });
    } catch {
      return ''; // The page's module has failed, and nobody knows the score any more.
    }
  };
}
