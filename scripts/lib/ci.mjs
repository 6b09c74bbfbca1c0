/** Whether nobody is watching: there, what cannot be tested is a failure and no note. */
export const inCi = () => !['', '0', 'false', undefined].includes(process.env.CI);
