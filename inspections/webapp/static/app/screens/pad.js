// A place to sign with a finger, or with a typed name for whoever cannot draw.

import { t } from "../logic/i18n.js";
import { useEffect, useRef } from "../vendor/preact-hooks.js";
import { html } from "./html.js";
import { typed } from "./typed-name.js";

// Units of a signature, whatever the size of the screen.
export const WIDTH = 640;
export const HEIGHT = 360;
const INK = "#10203a";
const PEN = 5;
const CLOSEST = 4;

/** @typedef {[number, number]} Point */

/**
 * @param {{signature: Signature,
 *   save: (by: (known: Signature) => Partial<Signature>) => unknown}} props
 */
export function Pad({ signature, save }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const line = useRef(/** @type {Point[]} */ ([]));
  const shown = useRef(0);
  const { strokes } = signature;
  const pen = () => /** @type {CanvasRenderingContext2D} */ (canvas.current?.getContext("2d"));
  useEffect(() => {
    // What comes back from being kept is there already, and perhaps one more.
    if (strokes.length && strokes.length <= shown.current) return;
    shown.current = strokes.length;
    pen().clearRect(0, 0, WIDTH, HEIGHT);
    for (const stroke of strokes) draw(pen(), scaled(stroke, signature));
  }, [strokes]);

  const down = (/** @type {PointerEvent} */ event) => {
    canvas.current?.setPointerCapture(event.pointerId);
    line.current = [place(event)];
    draw(pen(), line.current);
  };
  const move = (/** @type {PointerEvent} */ event) => {
    const last = line.current[line.current.length - 1];
    if (!last) return;
    const at = place(event);
    if (Math.hypot(at[0] - last[0], at[1] - last[1]) < CLOSEST) return;
    line.current.push(at);
    draw(pen(), [last, at]);
  };
  const up = () => {
    const stroke = line.current;
    if (!stroke.length) return;
    line.current = [];
    shown.current += 1;
    void save((known) => ({
      strokes: [...known.strokes.map((one) => scaled(one, known)), stroke],
      width: WIDTH,
      height: HEIGHT,
    }));
  };
  const write = () => {
    shown.current = 0;
    void save(({ name }) => ({ strokes: typed(name, WIDTH, HEIGHT), width: WIDTH, height: HEIGHT }));
  };
  return html`
    <canvas
      ref=${canvas}
      class="pad"
      width=${WIDTH}
      height=${HEIGHT}
      role="img"
      aria-label=${t("sign.pad")}
      onPointerDown=${down}
      onPointerMove=${move}
      onPointerUp=${up}
      onPointerCancel=${up}
    ></canvas>
    <p class="judged" role="status">${t(strokes.length ? "sign.signed" : "sign.unsigned")}</p>
    <div class="pair">
      <button type="button" disabled=${!strokes.length} onClick=${() => save(() => ({ strokes: [] }))}>
        ${t("sign.clear")}
      </button>
      <button type="button" disabled=${!signature.name.trim()} onClick=${write}>
        ${t("sign.type")}
      </button>
    </div>
  `;
}

/**
 * @param {PointerEvent} event
 * @returns {Point}
 */
function place({ offsetX, offsetY, currentTarget }) {
  const { clientWidth, clientHeight } = /** @type {HTMLCanvasElement} */ (currentTarget);
  const within = (/** @type {number} */ part, /** @type {number} */ of) =>
    Math.round(Math.min(1, Math.max(0, part)) * of);
  return [within(offsetX / clientWidth, WIDTH), within(offsetY / clientHeight, HEIGHT)];
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Point[]} points
 */
function draw(pen, points) {
  Object.assign(pen, { strokeStyle: INK, lineWidth: PEN, lineCap: "round", lineJoin: "round" });
  pen.beginPath();
  pen.moveTo(...points[0]);
  for (const point of points) pen.lineTo(...point);
  pen.stroke();
}

/**
 * @param {Point[]} stroke of a pad of another size
 * @param {{width: number, height: number}} size
 */
function scaled(stroke, { width, height }) {
  return stroke.map(
    ([x, y]) =>
      /** @type {Point} */ ([Math.round((x * WIDTH) / width), Math.round((y * HEIGHT) / height)]),
  );
}
