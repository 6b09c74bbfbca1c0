// What the page's module asks of JavaScript and no Web API has.

export class PalaestraError extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'PalaestraError';
    this.code = code;
  }
}

export const errorClass = () => PalaestraError;

/** A finite number as serde_json prints it: the digits are JavaScript's, where they stand is not. */
export function jsonNumber(value) {
  const size = Math.abs(value);
  if (size === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (size < 1e-5 || size >= 1e16) return value.toExponential();
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}
