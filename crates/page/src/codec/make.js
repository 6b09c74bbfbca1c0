// What `programs.js` takes: the script `page/make.js` of the site.
export { ActionWriter } from './actions.js';
export { ReturnsReader } from './returns.js';
export { readMany } from './rows.js';
export { StepRequests } from './steps.js';
