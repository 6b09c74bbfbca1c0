import { pacing } from './pacing.mjs';
import { policy } from './policy.mjs';
import { python } from './python.mjs';
import { record } from './record.mjs';
import { rewind } from './rewind.mjs';
import { rollout } from './rollout.mjs';
import { roundtrip } from './roundtrip.mjs';
import { sizes } from './sizes.mjs';
import { slow } from './slow.mjs';
import { soak } from './soak.mjs';
import { spawn } from './spawn.mjs';
import { stepmany } from './stepmany.mjs';
import { together } from './together.mjs';

/**
 * The sections of the report, in its order. A section is `{ name, title, about, run(context), apart }`: `run` is given
 * `{ owner, quick, update, prepared }` and gives `{ figures, notes, table, plots }` (see `figures.mjs`; the last two need not
 * be there). `apart`: takes long, and is run only where it is named, for at most `minutes`. `needs`: what of the builds it uses.
 */
export const sections = [
  roundtrip,
  spawn,
  stepmany,
  rollout,
  policy,
  python,
  sizes,
  pacing,
  slow,
  rewind,
  together,
  record,
  soak,
];
