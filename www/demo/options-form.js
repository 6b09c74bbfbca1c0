// The options of the next session: what every game has, and what this environment takes.
import { agentName, partners } from './words.js';

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const select = (choices, value) =>
  make(
    'select',
    {},
    ...choices.map(([name, title]) => make('option', { value: name, textContent: title, selected: name === value })),
  );
const numberInput = (properties) => make('input', { type: 'number', inputMode: 'decimal', ...properties });

export class OptionsForm {
  #root;
  /** Settings that only an address can give. */
  #unseen = {};
  /** Keyword arguments that no field can show; the environment judges them. */
  #unseenKwargs = {};
  #fields = new Map();
  #arguments = new Map();

  /** `changed()` is called when a person has changed something. */
  constructor(root, changed) {
    this.#root = root;
    root.addEventListener('change', changed);
    root.addEventListener('click', ({ target }) => {
      if (!target.dataset.seed) return;
      this.#fields.get('seed').value = target.dataset.seed;
      changed();
    });
    // A field that is wrong has to be seen for the browser to point at it.
    const reveal = ({ target }) => target.closest('details')?.setAttribute('open', '');
    root.addEventListener('invalid', reveal, true);
  }

  /** Shows an environment's options with these settings. */
  show(entry, settings) {
    this.#fields.clear();
    this.#arguments.clear();
    const { seed, episodes, partner, fps, maxSteps, recordMetrics, kwargs = {}, ...unseen } = settings;
    this.#unseen = unseen;

    const keep = make('button', { type: 'button', className: 'quiet keep', hidden: true });
    const shared = [
      this.#field(
        'seed',
        'Seed',
        numberInput({ min: 0, max: Number.MAX_SAFE_INTEGER, step: 1, value: seed ?? '', placeholder: 'a fresh one' }),
        keep,
      ),
      this.#field(
        'episodes',
        'Episodes',
        numberInput({ min: 1, step: 1, value: episodes ?? '', placeholder: 'until you end it' }),
      ),
    ];
    if (entry.agents > 1) {
      // Where no action is a rest, nobody can stand still; and not everywhere somebody knows how to play.
      const able = [...partners].filter(
        ([name]) => (name !== 'still' || entry.idle.length > 0) && (name !== 'expert' || entry.expert !== undefined),
      );
      shared.push(
        this.#field(
          'partner',
          entry.agents > 2 ? 'The other players' : `${agentName(entry, 1)}, your partner`,
          // Who cannot play this, as one chosen for another environment, is nobody that a person meant to be.
          select(able, able.some(([name]) => name === partner) ? partner : 'random'),
        ),
      );
    }
    const taken = entry.arguments
      .filter(({ kind }) => kind !== 'object')
      .map((argument) => this.#argument(argument, kwargs[argument.name]));
    const known = (name) => this.#arguments.has(name) && fits(this.#arguments.get(name).argument, kwargs[name]);
    this.#unseenKwargs = Object.fromEntries(Object.entries(kwargs).filter(([name]) => !known(name)));
    const more = [
      this.#field(
        'fps',
        'Steps a second',
        numberInput({ min: 0.1, max: 240, step: 'any', value: fps ?? '', placeholder: String(entry.fps) }),
      ),
      this.#field(
        'maxSteps',
        'Steps at most',
        numberInput({ min: 1, step: 1, value: maxSteps ?? '', placeholder: 'no limit' }),
      ),
      this.#field(
        'recordMetrics',
        'Latency of each step in the record',
        make('input', { type: 'checkbox', checked: recordMetrics ?? false }),
      ),
    ];
    const names = Object.keys(this.#unseenKwargs);
    if (names.length > 0)
      taken.push(
        make('p', { className: 'hint', textContent: `From the address: ${JSON.stringify(this.#unseenKwargs)}` }),
      );
    const group = (title, fields, open) =>
      fields.length > 0 ? [make('details', { open }, make('summary', { textContent: title }), ...fields)] : [];
    this.#root.replaceChildren(
      ...shared,
      ...group('Environment settings', taken, Object.keys(kwargs).length > 0),
      ...group('More', more, fps !== undefined || maxSteps !== undefined || recordMetrics === true),
    );
  }

  /**
   * The settings as they are; ask for `problems` before they are used.
   *
   * @returns {import('./query.js').Settings}
   */
  read() {
    /** @type {import('./query.js').Settings} */
    const settings = { ...this.#unseen };
    for (const [name, control] of this.#fields) settings[name] = settingOf(control);
    if (!settings.recordMetrics) delete settings.recordMetrics;
    const kwargs = { ...this.#unseenKwargs };
    for (const [name, { argument, control }] of this.#arguments) {
      const value = settingOf(control);
      // What is not set is left to the environment, and out of the record.
      if (value !== undefined && value !== '' && value !== (argument.default ?? false)) kwargs[name] = value;
    }
    return { ...settings, kwargs };
  }

  /** Sets who the partner is. */
  choosePartner(name) {
    const field = this.#fields.get('partner');
    if (field) field.value = name;
  }

  /** What is wrong with the fields, in words; points at the first that is. */
  problems() {
    const wrong = [...this.#root.querySelectorAll('input, textarea, select')].filter(
      (control) => !control.checkValidity(),
    );
    wrong[0]?.reportValidity();
    return wrong.map((control) => `${control.labels[0].textContent}: ${control.validationMessage}`);
  }

  /** Offers the seed that a game without a given one has got. */
  offerSeed(seed) {
    const button = this.#root.querySelector('.keep');
    if (!button) return;
    button.dataset.seed = String(seed);
    button.textContent = `Use ${seed} again`;
    button.hidden = this.#fields.get('seed').value === String(seed);
  }

  #field(name, label, control, ...after) {
    this.#fields.set(name, control);
    return labelled(label, '', control, after);
  }

  #argument(argument, given) {
    const value = fits(argument, given) ? given : undefined;
    const control = {
      bool: () => make('input', { type: 'checkbox', checked: value ?? argument.default }),
      integer: () =>
        numberInput({
          min: argument.min,
          max: argument.max,
          step: 1,
          value: value ?? '',
          placeholder: String(argument.default),
        }),
      number: () => numberInput({ step: 'any', value: value ?? '', placeholder: String(argument.default) }),
      choice: () =>
        select(
          argument.choices.map((choice) => [choice, choice]),
          value ?? argument.default,
        ),
      text: () => make('textarea', { rows: 5, spellcheck: false, value: value ?? '' }),
    }[argument.kind]();
    this.#arguments.set(argument.name, { argument, control });
    return labelled(argument.name, argument.summary, control, []);
  }
}

function labelled(label, hint, control, after) {
  const tick = control.type === 'checkbox';
  const name = make('span', { className: 'name', textContent: label });
  const row = make(
    'label',
    { className: tick ? 'field tick' : 'field' },
    ...(tick ? [control, name] : [name, control]),
  );
  return make(
    'div',
    { className: 'option' },
    row,
    ...(hint ? [make('p', { className: 'hint', textContent: hint })] : []),
    ...after,
  );
}

/** Whether a field of the argument's kind can show the value. */
function fits({ kind, choices }, value) {
  return (
    {
      bool: typeof value === 'boolean',
      integer: Number.isInteger(value),
      number: Number.isFinite(value),
      choice: choices?.includes(value) ?? false,
      text: typeof value === 'string',
    }[kind] ?? false
  );
}

function settingOf(control) {
  if (control.type === 'checkbox') return control.checked;
  if (control.type === 'number') return Number.isNaN(control.valueAsNumber) ? undefined : control.valueAsNumber;
  return control.value;
}
