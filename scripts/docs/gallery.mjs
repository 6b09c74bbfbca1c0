// The environments: a page with all of them, and one of each, as Gymnasium's own pages are made.
import { escaped } from './page.mjs';

/** Where an environment's page stands. */
export const pageOfEnvironment = (id) => `environments/${fileName(id)}.html`;

/** An id as the name of a file. */
export const fileName = (id) => id.replaceAll('/', '-');

/** The page that shows all of them, family by family. `pictures` has the ids of which there is one. */
export function gallery(registry, pictures) {
  const families = [...new Set(registry.map(({ familyTitle }) => familyTitle))];
  const card = ({ id, title, agents }) => `<li><a href="${pageOfEnvironment(id)}">
<img src="${pictures.has(id) ? `environments/${fileName(id)}.png` : '../demo/icon.svg'}" alt="" width="320" height="240" loading="lazy">
<strong>${escaped(title)}</strong><code>${escaped(id)}</code><span>${agents === 1 ? 'one agent' : `${agents} agents`}</span></a></li>`;
  const of = (title) => registry.filter(({ familyTitle }) => familyTitle === title);
  const sections = families.map(
    (title) => `<h2 id="${fileName(of(title)[0].family)}">${escaped(title)}</h2>
<ul class="gallery">${of(title).map(card).join('\n')}</ul>`,
  );
  return `<h1>All environments</h1>
<p>${registry.length} of them, each with the same steps as its reference, number for number. A page of each says what its numbers mean, and lets you
play it.</p>
${sections.join('\n')}`;
}

/** The page of one environment, as its body. */
export function environment(entry) {
  const { id, title, summary, familyTitle, agents, agentNames, fps, keys, arguments: list, manual } = entry;
  const spaces = agentNames.map((name, i) => [name, entry.actionSpaces[i], entry.observationSpaces[i]]);
  const alike = new Set(spaces.map(([, action, observation]) => `${action}|${observation}`)).size === 1;
  const shown = alike ? [[agents === 1 ? '' : `each of ${agentNames.join(', ')}`, ...spaces[0].slice(1)]] : spaces;
  const rows = shown.flatMap(([name, action, observation]) => {
    const of = name ? ` of ${name}` : '';
    return [
      [`Action space${of}`, code(action)],
      [`Observation space${of}`, code(observation)],
    ];
  });
  const facts = [...rows, ['Pace for people', `${fps} steps a second`], ['Made by', code(`make('${id}')`)]];
  return `<h1>${escaped(title)}</h1>
<p class="lead">${escaped(summary)}</p>
<div class="play"><canvas id="canvas" tabindex="0" aria-label="The game"></canvas>
<p><button type="button" id="play" data-env="${escaped(id)}">Play it here</button> <span id="status" role="status">${escaped(familyTitle)}</span></p></div>
${table(['', ''], facts, 'facts')}
${keys.length > 0 ? section('Keys', keysTable(keys)) : ''}
${manual ? manualOf(manual) : ''}
${list.length > 0 ? section('Arguments', table(['name', 'default', 'what it is for'], list.map(argument))) : ''}
${section('In a page and in Python', code2(id))}`;
}

function manualOf(manual) {
  const meanings = (all) => all.map(({ at, what }) => [escaped(at), escaped(what)]);
  return [
    section('Actions', table(['number', 'what it does'], meanings(manual.actions))),
    section('Observation', table(['number', 'what it is'], meanings(manual.observation))),
    ...[
      ['Rewards', manual.reward],
      ['How an episode begins', manual.start],
      ['How an episode ends', manual.ends],
      ['Info', manual.info],
      ['Versions', manual.versions],
      ['Follows', manual.source],
    ].map(([title, text]) => (text ? section(title, `<p>${escaped(text)}</p>`) : '')),
  ].join('\n');
}

const section = (title, body) => `<h2 id="${title.toLowerCase().replaceAll(' ', '-')}">${title}</h2>\n${body}`;

const code = (text) => `<code>${escaped(text)}</code>`;

const code2 = (
  id,
) => `<pre tabindex="0"><code class="hljs">const env = await make('${escaped(id)}');   // import { make } from 'palaestra'
env = gymnasium.make("palaestra/${escaped(id)}")   # import palaestra</code></pre>`;

function table(head, rows, kind = '') {
  const top = head.some(Boolean) ? `<thead><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead>` : '';
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, i) => (i === 0 ? `<th scope="row">${cell}</th>` : `<td>${cell}</td>`)).join('')}</tr>`,
  );
  return `<div class="table ${kind}" tabindex="0"><table>${top}<tbody>${body.join('\n')}</tbody></table></div>`;
}

function argument({ name, kind, default: standard, choices, min, max, summary }) {
  const bounds = kind === 'integer' ? `, ${min} to ${max}` : kind === 'choice' ? `: ${choices.join(', ')}` : '';
  const given = standard === undefined ? kind : `${JSON.stringify(standard)} (${kind}${bounds})`;
  return [code(name), escaped(given), escaped(summary)];
}

function keysTable(sets) {
  const rows = sets.flatMap((set, i) =>
    set.map(({ keys, label, action }) => [
      escaped(sets.length > 1 ? `${i + 1}: ${keys}` : keys),
      escaped(label),
      code(JSON.stringify(action)),
    ]),
  );
  return table([sets.length > 1 ? 'person: key' : 'key', 'what it does', 'action'], rows);
}
