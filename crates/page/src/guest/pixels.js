// Pictures of pixels, on a canvas.

/** What stands before the pixels: `PIXELS_HEAD` of crates/env/src/scene. */
const HEAD = 8;

/** The picture that is put together. @type {HTMLCanvasElement | undefined} */
let whole;

/**
 * Takes some rows of a picture in, and paints it with the last of them. `numbers` are left, top, width and height of its place as fractions
 * of the scene, columns and rows, the first row that comes, nothing, and a pixel in the bytes of each further number.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} numbers a view of the module's memory
 * @param {number} width the scene's, in pixels of the canvas
 * @param {number} height
 */
export function paintPixels(context, numbers, width, height) {
  const [x, y, across, down, columns, rows, first] = numbers;
  const count = Math.floor((numbers.length - HEAD) / columns);
  if (!(columns > 0 && rows > 0 && count > 0)) return;
  whole ??= document.createElement('canvas');
  if (whole.width !== columns || whole.height !== rows) Object.assign(whole, { width: columns, height: rows });
  const rgba = new Uint8ClampedArray(numbers.buffer, numbers.byteOffset + HEAD * 4, count * columns * 4).slice();
  whole.getContext('2d')?.putImageData(new ImageData(rgba, columns), 0, first);
  if (first + count < rows) return;
  // Few pixels are shown as what they are, many of them smoothly.
  context.imageSmoothingEnabled = columns >= 200;
  context.drawImage(whole, x * width, y * height, across * width, down * height);
  context.imageSmoothingEnabled = true;
}
