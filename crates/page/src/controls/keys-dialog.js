// The dialog in which a person chooses their keys.
import { filled } from '../filled.js';
import { nameOf } from './caps.js';

const make = (tag, text = '', properties = {}) =>
  Object.assign(document.createElement(tag), { textContent: text, ...properties });

/**
 * Opens it; calls back when it is closed. Gives what closes it.
 *
 * @param {object} of
 * @param {Element} of.place where it stands in the page
 * @param {import('./keymap.js').Keymap} of.keymap
 * @param {ReadonlyMap<string, string>} of.labels what each key of the game does
 * @param {Record<string, string>} of.texts
 * @param {() => void} of.closed
 */
export function openKeys({ place, keymap, labels, texts, closed }) {
  const dialog = make('dialog', '', { className: 'palaestra-keys' });
  const title = make('h2', texts.keysTitle, { id: 'palaestra-keys-title' });
  const help = make('p', texts.keysHelp);
  const table = make('table');
  const told = make('p');
  const usual = make('button', texts.usual, { type: 'button' });
  const done = make('button', texts.done, { type: 'button' });
  const foot = make('footer');
  dialog.setAttribute('aria-labelledby', title.id);
  told.setAttribute('role', 'status');
  foot.append(usual, done);
  dialog.append(title, help, table, told, foot);

  /** The key of the game that is being changed. @type {string | undefined} */
  let changing;
  /** The key that was taken, while it is still down: its coming up presses no button. */
  let taken = '';
  const show = () => {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.code;
    table.replaceChildren(
      ...keymap.entries.map(([code, key]) => {
        const row = make('tr');
        const label = make('th', labels.get(code) ?? nameOf(code), { scope: 'row' });
        const cell = make('td');
        const cap = make('kbd', code === changing ? texts.press : nameOf(key));
        const last = make('td');
        const change = make('button', texts.change, { type: 'button', onclick: () => begin(code) });
        change.dataset.code = code;
        change.setAttribute('aria-label', `${texts.change}: ${label.textContent}`);
        cell.append(cap);
        last.append(change);
        row.append(label, cell, last);
        return row;
      }),
    );
    usual.disabled = keymap.usual;
    if (focused) /** @type {HTMLElement | null} */ (table.querySelector(`[data-code="${focused}"]`))?.focus();
  };
  const begin = (code) => {
    changing = code;
    told.textContent = texts.press;
    show();
  };
  const take = (event) => {
    // The stroke that asked for the change may still be held.
    if (changing === undefined || event.repeat) return;
    event.preventDefault();
    const code = changing;
    taken = event.code;
    changing = undefined;
    // Escape leaves everything as it is.
    const answer = event.code === 'Escape' ? {} : keymap.assign(code, event.code);
    const key = nameOf(event.code);
    if ('refused' in answer) told.textContent = filled(texts.unusable, { key });
    else if (answer.swapped !== undefined)
      told.textContent = filled(texts.taken, { key: labels.get(code) ?? key, other: labels.get(answer.swapped) ?? '' });
    else told.textContent = '';
    show();
  };
  const { signal, abort } = abortable();
  dialog.addEventListener('keydown', take, { capture: true, signal });
  const letGo = (event) => {
    if (event.code === taken) event.preventDefault();
    taken = '';
  };
  dialog.addEventListener('keyup', letGo, { capture: true, signal });
  // Escape also asks a dialog to close, in a way of its own.
  dialog.addEventListener('cancel', (event) => changing !== undefined && event.preventDefault(), { signal });
  usual.onclick = () => {
    keymap.reset();
    told.textContent = '';
    show();
    done.focus();
  };
  done.onclick = () => dialog.close();
  const end = () => {
    if (signal.aborted) return;
    abort();
    dialog.remove();
    closed();
  };
  dialog.addEventListener('close', end);
  place.append(dialog);
  show();
  dialog.showModal();
  return end;
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
