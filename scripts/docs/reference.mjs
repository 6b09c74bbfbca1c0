// Every option and result, from the types that pages are checked against.

/** What is exported, in the file's order: its name, its kind, what is said of it, and its declaration. */
export function declarations(text) {
  const found = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const begun = /^export (?:declare )?(interface|class|function|type|const) (\w+)/.exec(lines[at]);
    if (!begun) continue;
    const [, kind, name] = begun;
    const comment = commentBefore(lines, at);
    const first = at;
    // A declaration ends where its brackets close, with a semicolon or a brace at the line's end.
    let depth = 0;
    for (; at < lines.length; at += 1) {
      const code = lines[at].replace(/\/\/.*|\/\*.*?\*\/|^\s*\*.*|'[^']*'/g, '');
      depth += (code.match(/[{([]/g) ?? []).length - (code.match(/[})\]]/g) ?? []).length;
      if (depth === 0 && /[;}]\s*$/.test(lines[at])) break;
    }
    found.push({
      kind,
      name,
      comment,
      code: lines
        .slice(first, at + 1)
        .join('\n')
        .replace(/^export (declare )?/, ''),
    });
  }
  return found;
}

/** The text of the comment that ends in the line before, without its signs. */
function commentBefore(lines, at) {
  if (!/\*\/\s*$/.test(lines[at - 1] ?? '')) return '';
  let first = at - 1;
  while (first > 0 && !lines[first].includes('/**')) first -= 1;
  const plain = (line) => line.replace(/^\s*\/\*\*\s?|\s*\*\/\s*$|^\s*\*\s?/g, '');
  return lines.slice(first, at).map(plain).join('\n').trim();
}

const kinds = {
  function: 'Functions',
  class: 'Classes',
  interface: 'Options and results',
  type: 'Values',
  const: 'Constants',
};

/** The page's Markdown. */
export function reference(text) {
  const all = declarations(text);
  const sections = ['function', 'const', 'interface', 'class', 'type'].flatMap((kind) => {
    const own = all.filter((declaration) => declaration.kind === kind);
    const part = ({ name, comment, code }) => `### ${name}\n\n${comment}\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
    return own.length > 0 ? [`## ${kinds[kind]}\n`, ...own.map(part)] : [];
  });
  return `# Every option and result

What \`palaestra.d.ts\` says: the package has it, and an editor shows it where you type. In classic scripts and inline modules the names are the same.

${sections.join('\n')}`;
}
