// The list of environments, by family.
import { firstSentence } from './words.js';

export class Picker {
  #root;

  /** `chosen(id)` is called when a person chooses. */
  constructor(root, entries, chosen) {
    this.#root = root;
    const families = new Map();
    for (const entry of entries) {
      if (!families.has(entry.family)) families.set(entry.family, []);
      families.get(entry.family).push(entry);
    }
    root.replaceChildren(...[...families.values()].map(familyBox));
    root.addEventListener('change', ({ target }) => chosen(target.value));
  }

  /** Shows what is chosen. */
  show(id) {
    const chosen = [...this.#root.querySelectorAll('input')].find((radio) => radio.value === id);
    if (!chosen || chosen.checked) return;
    chosen.checked = true;
    chosen.closest('details').open = true;
    keepInView(this.#root, chosen.closest('label'));
  }
}

function familyBox(members) {
  const box = document.createElement('details');
  const title = Object.assign(document.createElement('summary'), { textContent: members[0].familyTitle });
  title.append(Object.assign(document.createElement('small'), { textContent: ` ${members.length}` }));
  box.append(title, ...members.map(card));
  return box;
}

function card(entry) {
  const label = document.createElement('label');
  label.className = 'choice';
  label.title = entry.id;
  label.append(
    Object.assign(document.createElement('input'), { type: 'radio', name: 'env', value: entry.id }),
    Object.assign(document.createElement('b'), { textContent: entry.title }),
    Object.assign(document.createElement('span'), { textContent: firstSentence(entry.summary) }),
  );
  return label;
}

/** Scrolls the list alone: `scrollIntoView` would move the page as well. */
function keepInView(list, item) {
  const [outer, inner] = [list.getBoundingClientRect(), item.getBoundingClientRect()];
  if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top;
  if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
}
