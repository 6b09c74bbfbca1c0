// What @jspsych/test-utils takes from Node.
export const setImmediate = (callback) => setTimeout(callback, 0);
