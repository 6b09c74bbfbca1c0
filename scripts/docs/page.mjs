// The frame of every page of the documentation.
import { contents } from './contents.mjs';

/** Text as it stands in HTML. */
export const escaped = (text) =>
  String(text).replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);

/**
 * A whole page.
 *
 * @param {object} of
 * @param {string} of.file where it stands in the documentation: `data.html`, `environments/CartPole-v1.html`
 * @param {string} of.title
 * @param {string} of.body
 * @param {{ level: number, id: string, text: string }[]} [of.headings]
 * @param {string} [of.script] a module that it loads
 */
export function page({ file, title, body, headings = [], script }) {
  const up = '../'.repeat(file.split('/').length - 1);
  const current = file.startsWith('environments/') ? 'gallery.html' : file;
  const within = headings.filter(({ level }) => level === 2);
  const link = ({ file, title }) => {
    const here = file === current;
    const parts = here ? within.map(({ id, text }) => `<li><a href="#${id}">${escaped(text)}</a></li>`) : [];
    const below = parts.length > 0 ? `<ul>${parts.join('')}</ul>` : '';
    return `<li><a href="${up}${file}"${here ? ' aria-current="page"' : ''}>${escaped(title)}</a>${below}</li>`;
  };
  const sections = contents.map(({ title, pages }) => `<h2>${title}</h2><ul>${pages.map(link).join('')}</ul>`);
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${escaped(title)} · Palaestra</title>
  <link rel="icon" href="${up}../demo/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="${up}docs.css">${script ? `\n  <script type="module" src="${up}${script}"></script>` : ''}
</head>
<body>
  <a class="skip" href="#content">To the text</a>
  <header>
    <a class="name" href="${up}index.html"><img src="${up}../demo/icon.svg" alt="" width="26" height="26">Palaestra</a>
    <a class="narrow" href="#contents">Contents</a>
    <a href="${up}../index.html">Play</a>
  </header>
  <nav id="contents" aria-label="Documentation">${sections.join('')}</nav>
  <main id="content">
${body}
  </main>
</body>
</html>
`;
}
