// What lies over a game's picture, and the sheets by which it is drawn.

/**
 * Lays an element over a canvas, whatever it is positioned by: it is put at the origin of that, and moved by what it lies off there.
 *
 * @param {HTMLElement} element
 * @param {HTMLCanvasElement} canvas
 */
export function layOver(element, canvas) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  Object.assign(element.style, { left: '0px', top: '0px', width: `${width}px`, height: `${height}px` });
  const own = element.getBoundingClientRect();
  Object.assign(element.style, { left: `${left - own.left}px`, top: `${top - own.top}px` });
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
