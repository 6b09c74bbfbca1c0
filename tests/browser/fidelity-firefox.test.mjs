import { testRecordsIn } from './support/fidelity.mjs';

testRecordsIn('Firefox');
