// What lies over a game's picture, and the sheets by which it is drawn.

/**
 * Lays an element over a canvas: at its place among the children of what both are positioned by.
 *
 * @param {HTMLElement} element
 * @param {HTMLCanvasElement} canvas
 */
export function layOver(element, canvas) {
  const parent = element.offsetParent ?? document.documentElement;
  const [outer, inner] = [parent.getBoundingClientRect(), canvas.getBoundingClientRect()];
  Object.assign(element.style, {
    left: `${inner.left - outer.left + parent.scrollLeft}px`,
    top: `${inner.top - outer.top + parent.scrollTop}px`,
    width: `${inner.width}px`,
    height: `${inner.height}px`,
  });
}

/**
 * A sheet that is in the page while somebody uses it: adopted, so that a content policy without inline styles allows it. Using it gives what
 * lets go of it.
 *
 * @param {string} style
 */
export function sharedSheet(style) {
  /** @type {CSSStyleSheet | undefined} */
  let sheet;
  let users = 0;
  return () => {
    users += 1;
    if (users === 1) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    }
    return () => {
      users -= 1;
      if (users > 0) return;
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((adopted) => adopted !== sheet);
    };
  };
}
