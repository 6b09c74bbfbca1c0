import { npmTool } from '../lib/npm-tools.mjs';

/** @type {typeof import('mrmime')} */
const { lookup } = npmTool('mrmime');

/** What the list of registered types does not have, or has for something else: a `.ts` here is TypeScript and no film. */
const ours = { jsonl: 'application/jsonl', ts: 'text/plain' };
const isText = /^text\/|^application\/jsonl$/;

/** The media type of a file by its name. A module or a script of the wrong type is refused by browsers. */
export function mediaType(file) {
  const ending = file.slice(file.lastIndexOf('.') + 1).toLowerCase();
  const type = ours[ending] ?? lookup(ending) ?? 'application/octet-stream';
  return isText.test(type) ? `${type}; charset=utf-8` : type;
}
