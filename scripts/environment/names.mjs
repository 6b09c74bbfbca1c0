// What an environment and its crate may be called.
import { PlainError } from '../lib/main.mjs';

/** Words that Rust keeps for itself, crates that every program has already, and the family of environments in Python. */
const taken = new Set(
  `abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in let loop
  macro match mod move mut override priv pub ref return self static struct super trait true try type typeof unsafe unsized use virtual
  where while yield alloc core proc_macro std test guest palaestra palaestra_env palaestra_env_tests`.split(/\s+/),
);

/** The nearest name that would do. */
const suggestion = (name) => {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+|[-_]+$/g, '');
  return taken.has(plain.replaceAll('-', '_')) ? `${plain}-game` : plain || 'my-env';
};

/** `my-env` as `{ crate, library, words }`: what cargo and Rust call it, and for people. A name that will not do is refused. */
export function crateName(name) {
  const refuse = (expected) =>
    new PlainError('new', `expected ${expected}, found \`${name}\`: how about \`${suggestion(name)}\`?`);
  if (!/^[a-z][a-z0-9_-]*$/.test(name) || name.length > 64)
    throw refuse('the name of a crate (lower-case letters, digits, - and _, a letter first, at most 64)');
  const library = name.replaceAll('-', '_');
  if (taken.has(library)) throw refuse('a name that neither Rust nor Palaestra keeps for itself');
  const words = name.split(/[-_]+/).filter(Boolean);
  return { crate: name, library, words };
}

/** As Gymnasium has it: a namespace if any, a name, and here always a version. */
const idForm = /^(?:[\w:-]+\/)?[\w:.-]+?-v\d+$/;

/** The id that goes with a crate's name, or the one that was asked for; one that Gymnasium would not take is refused. */
export function environmentId({ words }, asked) {
  const id = asked ?? `${words.map((word) => word[0].toUpperCase() + word.slice(1)).join('')}-v0`;
  if (!idForm.test(id))
    throw new PlainError(
      'new',
      `--id: expected an id as Gymnasium has them, with a version, such as MyEnv-v0 or lab/MyEnv-v0; found \`${id}\``,
    );
  if (id.startsWith('guest/'))
    throw new PlainError(
      'new',
      `--id: expected another namespace than guest/, where environments in Python are; found \`${id}\``,
    );
  return id;
}
