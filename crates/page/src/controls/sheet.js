// How the bar looks: in the colours of the page.
import { sharedSheet } from '../over.js';

const STYLE = `
.palaestra-controls{display:flex;flex-wrap:wrap;gap:.5em;padding:.5em 0;box-sizing:border-box;font:1rem/1.4 system-ui,sans-serif}
.palaestra-controls button,.palaestra-keys button{font:inherit;padding:.35em .9em;min-height:2.4em;cursor:pointer}
.palaestra-heard{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.palaestra-countdown{position:absolute;z-index:9;display:grid;place-content:center;font:700 6rem/1 system-ui,sans-serif;
 color:#fff;background:rgb(20 24 33/.55);pointer-events:none}
.palaestra-fullscreen{display:flex;flex-direction:column;align-items:center;justify-content:center;width:100%;height:100%;
 overflow:auto;background:Canvas;color:CanvasText}
.palaestra-fullscreen .palaestra-pads{align-self:stretch}
.palaestra-keys{max-width:min(28rem,90vw);font:1rem/1.4 system-ui,sans-serif;border:1px solid currentColor;border-radius:.6em;padding:1.2em}
.palaestra-keys h2{margin:0 0 .4em;font-size:1.25em}.palaestra-keys p{margin:.4em 0;min-height:1.4em}
.palaestra-keys table{width:100%;border-collapse:collapse}.palaestra-keys th{text-align:start;font-weight:400;padding:.25em .5em .25em 0}
.palaestra-keys td:last-child{text-align:end}
.palaestra-keys kbd{font:inherit;font-weight:600}
.palaestra-keys footer{display:flex;justify-content:space-between;gap:1em;margin-top:.6em}`;

/** Has the sheet in the page; gives what lets go of it. */
export const useSheet = sharedSheet(STYLE);
