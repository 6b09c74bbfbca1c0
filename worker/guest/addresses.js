// Addresses that a page gives.

/**
 * The address that a text stands for.
 *
 * @param {string} field what of the page's arguments it is
 * @param {string} text
 * @param {string | URL} base
 */
export function addressOf(field, text, base) {
  try {
    return new URL(text, base);
  } catch {
    const message = `${field}: expected an address, found ${JSON.stringify(text)}`;
    throw Object.assign(new Error(message), { code: 'load_failed' });
  }
}

/**
 * Where a file lies beside a module: by its path from the module's folder, if it is in there, and else by its name.
 *
 * @param {URL} file
 * @param {URL} folder
 */
export function pathBeside({ pathname }, { pathname: folder }) {
  const path = pathname.startsWith(folder)
    ? pathname.slice(folder.length)
    : pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(path);
  } catch {
    // A percent sign of the name's own.
    return path;
  }
}
