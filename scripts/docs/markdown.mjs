// Markdown to HTML, with links between documents turned into links between pages.
import { posix } from 'node:path';
import hljs from 'highlight.js/lib/core';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import ini from 'highlight.js/lib/languages/ini';
import nginx from 'highlight.js/lib/languages/nginx';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import shell from 'highlight.js/lib/languages/bash';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import MarkdownIt from 'markdown-it';
import anchor from 'markdown-it-anchor';
import { listed } from './contents.mjs';

const languages = { javascript, json, python, rust, typescript, nginx, html: xml, sh: shell, toml: ini };
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

const pageOf = new Map(listed.flatMap(({ source, file }) => (source ? [[source, file]] : [])));

/** A heading's name in an address, as GitHub makes it, so that links work in both places. */
export const slug = (text) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** A path from the project's root, from a link in a document. */
const fromRoot = (source, link) => posix.normalize(posix.join(posix.dirname(source), link));

/**
 * Where a link of a document leads in the documentation: to a page, a picture beside the pages, or elsewhere. Nowhere, where it names a
 * file of the sources, which the documentation has not got.
 */
function destination(source, link, pictures) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link) || link.startsWith('#')) return link;
  const [path, hash] = link.split('#');
  const file = fromRoot(source, path);
  const page = file === 'README.md' ? 'index.html' : pageOf.get(file);
  if (page) return hash ? `${page}#${hash}` : page;
  if (/\.(png|svg)$/.test(file)) {
    pictures.add(file);
    return posix.basename(file);
  }
  return undefined;
}

/**
 * A document as HTML.
 *
 * @param {string} text
 * @param {string} source its path from the project's root
 * @returns {{ html: string, pictures: Set<string>, headings: { level: number, id: string, text: string }[] }} `pictures` are the files it
 * shows, from the project's root
 */
export function render(text, source) {
  const pictures = new Set();
  const headings = [];
  const markdown = new MarkdownIt({ html: true, highlight });
  markdown.use(anchor, {
    slugify: slug,
    permalink: anchor.permalink.headerLink({ safariReaderFix: true }),
    callback: (token, { slug: id, title }) => headings.push({ level: Number(token.tag.slice(1)), id, text: title }),
  });
  const lost = [];
  markdown.core.ruler.push('links', ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const name = token.type === 'link_open' ? 'href' : token.type === 'image' ? 'src' : undefined;
      if (token.type === 'link_close' && lost.pop()) token.tag = 'span';
      if (name === undefined) continue;
      const led = destination(source, token.attrGet(name), pictures);
      if (name === 'href') lost.push(led === undefined);
      if (led !== undefined) {
        token.attrSet(name, led);
      } else {
        // A file of the sources: its name is told, and leads nowhere.
        token.tag = 'span';
        token.attrs = [['title', `in the sources: ${fromRoot(source, token.attrGet(name))}`]];
      }
    }
  });
  // What scrolls sideways can be reached by the keyboard.
  const { fence } = markdown.renderer.rules;
  markdown.renderer.rules.fence = (...given) => fence?.(...given).replace('<pre>', '<pre tabindex="0">') ?? '';
  markdown.renderer.rules.table_open = () => '<div class="table" tabindex="0"><table>\n';
  markdown.renderer.rules.table_close = () => '</table></div>\n';
  // A head without words is none.
  const html = markdown.render(text).replaceAll('<th></th>', '<td></td>');
  return { html, pictures, headings };
}

/** Code of a language that is known, coloured. */
export function highlight(code, language) {
  const name = { js: 'javascript', ts: 'typescript', bash: 'sh', rs: 'rust', py: 'python' }[language] ?? language;
  return hljs.getLanguage(name) ? hljs.highlight(code, { language: name }).value : '';
}
