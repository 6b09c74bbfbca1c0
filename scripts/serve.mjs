// npm run serve: serves dist/ as it is, without building. PORT and HOST say where.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { main, PlainError } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { serveForPeople } from './serve/for-people.mjs';

await main(async () => {
  const site = join(root, 'dist');
  if (!existsSync(site))
    throw new PlainError('serve', 'there is no dist/ yet: run "npm run build", or "npm start" for both');
  await serveForPeople(site);
});
