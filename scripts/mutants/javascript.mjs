// Small changes to JavaScript, one at a time, as cargo-mutants makes them of Rust: an operator for another, a number one more, a condition
// turned round, a function that does nothing.
import { parse } from 'acorn';

const OPERATORS = {
  '<': ['<=', '>'],
  '<=': ['<'],
  '>': ['>=', '<'],
  '>=': ['>'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['+'],
  '/': ['*'],
  '%': ['/'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '^': ['&'],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
};

/**
 * The changes of a source: `{name, source}` each, `name` with the place as cargo-mutants writes it.
 *
 * @param {string} path as it is told
 * @param {string} source
 */
export function mutantsOf(path, source) {
  const found = [];
  const change = (node, start, end, by, what) => {
    const { line, column } = lineOf(source, start);
    const name = `${path}:${line}:${column}: ${what}${node.within ? ` in ${node.within}` : ''}`;
    found.push({ name, source: source.slice(0, start) + by + source.slice(end) });
  };
  walk(parse(source, { ecmaVersion: 'latest', sourceType: 'module' }), undefined, (node) => {
    switch (node.type) {
      case 'BinaryExpression':
      case 'LogicalExpression':
      case 'AssignmentExpression': {
        const at = source.indexOf(node.operator, node.left.end);
        for (const other of OPERATORS[node.operator] ?? []) {
          change(node, at, at + node.operator.length, other, `replace ${node.operator} with ${other}`);
        }
        break;
      }
      case 'UnaryExpression':
        if ('!-'.includes(node.operator)) change(node, node.start, node.start + 1, '', `delete ${node.operator}`);
        // Which number below 0 a number is, is seldom what counts.
        if (node.operator === '-') node.argument.type = 'Negated';
        break;
      case 'Literal':
        if (typeof node.value === 'number') {
          change(node, node.start, node.end, String(node.value + 1), `replace ${node.raw} with ${node.value + 1}`);
        } else if (typeof node.value === 'boolean') {
          change(node, node.start, node.end, String(!node.value), `replace ${node.value} with ${!node.value}`);
        }
        break;
      case 'IfStatement':
      case 'ConditionalExpression': {
        const { start, end } = node.test;
        change(node, start, end, `!(${source.slice(start, end)})`, 'turn the condition round');
        break;
      }
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        // What makes a class needs its own `super()`; the others return nothing then.
        if (node.body.body.length > 0) change(node, node.body.start, node.body.end, '{}', 'replace the body with {}');
        break;
    }
  });
  return found.sort((a, b) => order(a.name, b.name));
}

const order = (a, b) => a.localeCompare(b, 'en', { numeric: true });

function walk(node, within, visit) {
  const name = node.id?.name ?? (node.type === 'MethodDefinition' ? node.key.name : undefined);
  const inside = (/Function|Method|VariableDeclarator/.test(node.type) && name) || within;
  visit(Object.assign(node, { within: inside }));
  for (const [key, value] of Object.entries(node)) {
    if (key === 'within') continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') walk(child, inside, visit);
    }
  }
}

function lineOf(source, at) {
  const before = source.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
