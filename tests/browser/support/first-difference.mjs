const shortened = (value) => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
};

/** Where two records differ first, in words; undefined if they do not. */
export function firstDifference(expected, found) {
  if (expected === found) return undefined;
  const [left, right] = [expected, found].map((text) => text.split('\n'));
  const index = left.findIndex((line, at) => line !== right[at]);
  if (index < 0) return `after its end: expected nothing more, found ${shortened(right[left.length])}`;
  const [one, other] = [left, right].map((lines) => parsed(lines[index]));
  const place = one.type === 'step' || one.type === 'reset' ? `${one.type} ${one.t}` : `the ${one.type} line`;
  const fields = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const field = fields.find((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
  // The same fields in another order, or the same numbers written in another way.
  if (field === undefined) return `${place}: expected ${shortened(left[index])}, found ${shortened(right[index])}`;
  return `${place}: ${field}: expected ${shortened(one[field])}, found ${shortened(other[field])}`;
}

function parsed(line) {
  try {
    return Object(JSON.parse(line));
  } catch {
    return { type: 'unreadable', line };
  }
}
