// Texts with blanks, which pages may replace.

/**
 * A text with its blanks filled in.
 *
 * @param {string} text
 * @param {Record<string, string | number>} [values]
 */
export const filled = (text, values = {}) =>
  text.replace(/\{(\w+)\}/g, (blank, name) => (Object.hasOwn(values, name) ? String(values[name]) : blank));
