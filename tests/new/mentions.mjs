import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Which files of a folder have one of these texts in them, as `file: text`; compressed ones are left out. */
export async function folderMentions(folder, texts) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = [];
  for (const entry of entries.filter((one) => one.isFile() && !/\.(br|gz|map|d\.ts)$/.test(one.name))) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const bytes = await readFile(file);
    for (const text of texts) if (bytes.includes(text)) found.push(`${file.slice(folder.length + 1)}: ${text}`);
  }
  return found;
}
