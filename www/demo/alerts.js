// Errors, where a person can see them.
const MOST = 4;

export class Alerts {
  #root;

  constructor(root) {
    this.#root = root;
    root.addEventListener('click', ({ target }) => {
      if (target.closest('button')) target.closest('[role=alert]').remove();
    });
  }

  /** Shows an error, or anything with a `message` and perhaps a `code`, until somebody dismisses it. */
  show(error) {
    const code = String(error?.code ?? error?.name ?? 'error');
    const message = String(error?.message ?? error);
    for (const old of [...this.#root.children]) {
      if (old.dataset.text === code + message) old.remove();
    }
    const dismiss = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Dismiss' });
    const box = document.createElement('div');
    box.setAttribute('role', 'alert');
    box.dataset.text = code + message;
    box.append(
      Object.assign(document.createElement('code'), { textContent: code }),
      Object.assign(document.createElement('p'), { textContent: message }),
      dismiss,
    );
    this.#root.append(box);
    while (this.#root.children.length > MOST) this.#root.firstElementChild.remove();
  }

  clear() {
    this.#root.replaceChildren();
  }
}
