// What somebody may have meant who misspelt a name.

/** The name with the fewest differences from `found`, if they are few. */
export function nearest(found, names) {
  const distances = names.map((name) => [differences(name, found.slice(0, 128).toLowerCase()), name]);
  const [distance, name] = distances.sort(([one], [other]) => one - other)[0] ?? [Infinity];
  return distance <= 1 + found.length / 3 ? name : undefined;
}

/** Levenshtein's distance. */
function differences(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1)
      next.push(Math.min(row[j] + (a[i] === b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1));
    row = next;
  }
  return row[b.length];
}
