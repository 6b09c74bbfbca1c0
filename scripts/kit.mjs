// npm run kit: what the npm package has beside dist/ for those who write environments, in kit/. `npm pack` runs it after the build.
import { writeKit } from './build/kit.mjs';
import { main } from './lib/main.mjs';
import { say } from './lib/say.mjs';
import { setUpRust } from './setup/index.mjs';

await main(async () => {
  await setUpRust();
  say('ok', 'kit', `${await writeKit()} crates in kit/`);
});
