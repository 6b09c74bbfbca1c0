import { testRecordsIn } from './support/fidelity.mjs';

testRecordsIn('Chromium');
