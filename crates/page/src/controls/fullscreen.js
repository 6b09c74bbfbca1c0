// The picture as large as the screen, with what belongs to it: pads, the bar, notices.

/** Whether this browser and this frame may. An iPhone has it for films only. */
export const hasFullscreen = () => Boolean(document.fullscreenEnabled);

/**
 * Goes to full screen and back; gives what ends it.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {(on: boolean) => void} changed
 */
export function fullscreen(canvas, changed) {
  const host = document.createElement('div');
  host.className = 'palaestra-fullscreen';
  const mark = document.createComment('the game is in full screen');
  let styled = '';
  const inside = () => host.isConnected;

  const enter = async () => {
    if (inside()) return;
    // What the game has put behind its picture comes along; the page's own elements stay.
    const parts = [canvas, ...followers(canvas)];
    canvas.before(mark);
    mark.after(host);
    host.append(...parts);
    styled = canvas.style.cssText;
    const aspect = canvas.width / Math.max(1, canvas.height);
    // Room is left for what stands below the picture.
    const below = parts.slice(1).reduce((sum, part) => sum + /** @type {HTMLElement} */ (part).offsetHeight, 0);
    Object.assign(canvas.style, {
      width: `min(100vw, calc((100vh - ${below}px) * ${aspect}))`,
      height: 'auto',
      maxWidth: 'none',
      maxHeight: 'none',
    });
    try {
      await host.requestFullscreen();
      canvas.focus({ preventScroll: true });
      changed(true);
    } catch {
      leave();
    }
  };

  const leave = () => {
    if (!inside()) return;
    canvas.style.cssText = styled; // As an attribute a content policy may refuse it.
    mark.replaceWith(...host.childNodes);
    host.remove();
    changed(false);
  };
  const look = () => {
    if (document.fullscreenElement !== host) leave();
  };
  document.addEventListener('fullscreenchange', look);

  return {
    toggle: () => (inside() ? void document.exitFullscreen().catch(leave) : void enter()),
    stop: () => {
      document.removeEventListener('fullscreenchange', look);
      if (document.fullscreenElement === host) document.exitFullscreen().catch(() => {});
      leave();
    },
  };
}

/** What a game has put behind its canvas: pads, the bar; and a match's notices, which lie over it. */
function followers(canvas) {
  const own = [];
  for (let next = canvas.nextElementSibling; /(^| )palaestra-/.test(next?.className); next = next.nextElementSibling)
    own.push(next);
  const notices = [...(canvas.parentElement?.children ?? [])].filter((element) => element.matches('.palaestra-match'));
  return [...new Set([...own, ...notices])];
}
