// What `programs.js`, and `make` itself, take: the script `page/make.js` of the site.
export { overOnAbort } from '../api/aborting.js';
export { ActionWriter } from './actions.js';
export { ReturnsReader } from './returns.js';
export { readMany } from './rows.js';
export { StepRequests } from './steps.js';
