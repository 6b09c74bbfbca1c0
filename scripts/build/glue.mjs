import { PlainError } from '../lib/main.mjs';
import { npmTool } from '../lib/npm-tools.mjs';

/** @type {typeof import('acorn')} */
const { parse } = npmTool('acorn');
/** @type {typeof import('esbuild')} */
const { transform } = npmTool('esbuild');

/** The function of wasm-bindgen's JavaScript that gives a module what it imports. */
const importsFunction = '__wbg_get_imports';

/**
 * What wasm-bindgen wrote for each of several modules, as one file that serves them all. `sources` are `{ name, text }`.
 *
 * It has every declaration, and everything that a module imports, once. A name that stands for one thing in one module's
 * JavaScript and for another in another's (what it numbers may) cannot be shared, and is refused. So each module finds in the
 * shared file what stands in its own, to the letter, and what it has no use for does not matter to it.
 */
export async function joinGlue(sources) {
  const shared = new Merged('');
  const imported = new Merged(`imports of `);
  let frame;
  for (const { name, text } of sources) {
    // Printed anew: the comments, which number things otherwise in every module, are gone.
    const { code } = await transform(text, { format: 'esm', legalComments: 'none' });
    const slice = ({ start, end }) => code.slice(start, end);
    const statements = parse(code, { ecmaVersion: 'latest', sourceType: 'module' }).body;
    shared.add(
      name,
      statements.flatMap((node) => exportsOf(node, slice) ?? [[nameOf(node) ?? slice(node), slice(node)]]),
      importsFunction,
    );
    const own = statements.find((node) => nameOf(node) === importsFunction);
    const object = own && importsObject(own);
    if (!object)
      throw new PlainError('glue', `${name}: expected ${importsFunction} with an object of imports in the JavaScript`);
    imported.add(
      name,
      object.properties.flatMap((property) =>
        property.type === 'Property' ? [[slice(property.key), slice(property)]] : [],
      ),
    );
    const around = [code.slice(own.start, object.start), code.slice(object.end, own.end)];
    if (frame && around.join() !== frame.join())
      throw new PlainError('glue', `${name}: ${importsFunction} is not as in the other modules`);
    frame = around;
  }
  const [before, after] = frame;
  return shared
    .texts(new Map([[importsFunction, `${before}{\n${imported.texts().join(',\n')}\n}${after}`]]))
    .join('\n');
}

/** Lists of named texts as one, in an order that is each list's own. */
class Merged {
  #items = [];
  #what;

  constructor(what) {
    this.#what = what;
  }

  /**
   * Adds what is new in a list, behind what it follows there.
   *
   * @param {string} from
   * @param {[string, string][]} list
   * @param {string} [mayDiffer] the key of what need not be the same in all lists
   */
  add(from, list, mayDiffer) {
    let at = -1;
    for (const [key, text] of list) {
      const found = this.#items.findIndex((item) => item.key === key);
      if (found < 0) {
        at += 1;
        this.#items.splice(at, 0, { key, text, from });
        continue;
      }
      at = found;
      if (this.#items[found].text === text || key === mayDiffer) continue;
      throw new PlainError('glue', `${this.#what}${from}: ${key} is not what it is in ${this.#items[found].from}`);
    }
  }

  /** @param {Map<string, string>} [instead] by key, what stands in the place of some. */
  texts(instead = new Map()) {
    return this.#items.map(({ key, text }) => instead.get(key) ?? text);
  }
}

/**
 * The name that a statement declares; none for one that declares nothing, or exports or imports some names.
 *
 * @param {import('acorn').AnyNode} node
 */
function nameOf(node) {
  const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
  switch (declaration?.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return declaration.id.name;
    case 'VariableDeclaration':
      return declaration.declarations.map(({ id }) => (id.type === 'Identifier' ? id.name : '')).join();
    default:
      return undefined;
  }
}

/**
 * A list of exports as one statement per name, since another module may have another list; undefined for any other statement.
 *
 * @param {import('acorn').AnyNode} node
 * @param {(node: import('acorn').AnyNode) => string} slice
 * @returns {[string, string][] | undefined}
 */
function exportsOf(node, slice) {
  if (node.type !== 'ExportNamedDeclaration' || node.declaration || node.source) return undefined;
  return node.specifiers.map((specifier) => [`export ${slice(specifier.exported)}`, `export { ${slice(specifier)} };`]);
}

/**
 * The object that has everything a module imports from its JavaScript as a property.
 *
 * @param {import('acorn').AnyNode} node
 */
function importsObject(node) {
  if (node.type !== 'FunctionDeclaration') return undefined;
  const declared = node.body.body.flatMap((statement) =>
    statement.type === 'VariableDeclaration' ? statement.declarations : [],
  );
  const objects = declared.map(({ init }) => init).filter((init) => init?.type === 'ObjectExpression');
  return objects.length === 1 ? objects[0] : undefined;
}

/** The names that a module imports and that are no property of any object of the script: what it would find missing. */
export function missingImports(module, script) {
  const properties = new Set();
  const visit = (node) => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node?.type === 'string') {
      if (node.type === 'Property') properties.add(node.key.name ?? node.key.value);
      Object.values(node).forEach(visit);
    }
  };
  visit(parse(script, { ecmaVersion: 'latest', sourceType: 'module' }).body);
  return WebAssembly.Module.imports(module)
    .map(({ name }) => name)
    .filter((name) => !properties.has(name));
}
