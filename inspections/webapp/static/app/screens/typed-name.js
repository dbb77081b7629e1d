// A typed name as pen strokes, for hands that cannot draw: the record knows signatures as lines.

const MOST = 180; // the server takes 200 strokes
const FONT = "italic 20px cursive, serif";
const LINE = 28;

/**
 * @param {string} name
 * @param {number} width of the field to sign in
 * @param {number} height
 * @returns {Signature["strokes"]} upright lines, as dense as the limit allows
 */
export function typed(name, width, height) {
  const canvas = document.createElement("canvas");
  const pen = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );
  pen.font = FONT;
  const length = Math.ceil(pen.measureText(name).width) + 4;
  canvas.width = length;
  canvas.height = LINE;
  pen.font = FONT;
  pen.fillText(name, 2, 21);
  const { data } = pen.getImageData(0, 0, length, LINE);
  const scale = Math.min((width - 20) / length, (height - 20) / LINE);
  const top = (height - LINE * scale) / 2;
  for (let step = 1; ; step += 1) {
    const lines = runs(data, length, step);
    if (lines.length > MOST) continue;
    const at = (/** @type {number} */ x, /** @type {number} */ y) =>
      /** @type {[number, number]} */ ([Math.round(10 + x * scale), Math.round(top + y * scale)]);
    return lines.map(([x, from, to]) => [at(x, from), at(x, to + 0.5)]);
  }
}

/**
 * Inked parts of every `step`-th column: its x, first and last y.
 * @param {Uint8ClampedArray} data
 * @param {number} length
 * @param {number} step
 */
function runs(data, length, step) {
  /** @type {[number, number, number][]} */
  const found = [];
  for (let x = 0; x < length; x += step) {
    let from = -1;
    for (let y = 0; y <= LINE; y += 1) {
      const isInk = y < LINE && data[(y * length + x) * 4 + 3] > 90;
      if (isInk && from < 0) from = y;
      if (!isInk && from >= 0) {
        found.push([x, from, y - 1]);
        from = -1;
      }
    }
  }
  return found;
}
