// In every page that `palaestra serve` sends: loads it again when a new build is there, and shows what the compiler says of one that failed.
const build = new URL(import.meta.url).searchParams.get('build');
/** What a page says that has nothing to show yet: see `live.mjs`. */
const waiting = document.getElementById('palaestra-waiting');
const panel = document.createElement('pre');
panel.id = 'palaestra-build';
panel.setAttribute('role', 'status');
// By script: a page's policy may allow no style of somebody else's.
Object.assign(panel.style, {
  position: 'fixed',
  inset: 'auto 0 0 0',
  zIndex: '2147483647',
  maxHeight: '60vh',
  overflow: 'auto',
  margin: '0',
  padding: '0.8rem 1rem',
  font: '13px/1.45 ui-monospace, monospace',
  whiteSpace: 'pre-wrap',
  color: '#f4efe6',
  background: '#2b2a33',
  borderTop: '4px solid #c4623f',
});

function show(text) {
  panel.textContent = text;
  if (text && !panel.isConnected) document.body.append(panel);
  else if (!text) panel.remove();
}

const events = new EventSource('/@palaestra/events');
events.addEventListener('state', ({ data }) => {
  const state = JSON.parse(data);
  const failed = state.status === 'failed';
  const left = build
    ? 'The game above is the last that was built.'
    : 'Nothing has been built yet: save a file to try again.';
  if (waiting) waiting.hidden = failed;
  if (state.build !== build) location.reload();
  else if (failed) show(`${state.text}\n\n${left}`);
  else if (state.status === 'building' && !build) show(state.text);
  else if (state.status === 'ready') show('');
});
// The command has ended, and says so on its way out by closing the line; it is heard again when it runs again.
events.addEventListener('error', () => show('palaestra serve does not answer: is it still running?'));
events.addEventListener('open', () => show(''));
