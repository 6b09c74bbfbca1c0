/** Whether a name fits a pattern in which `*` stands for any letters. */
export function matchesGlob(name, pattern) {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
