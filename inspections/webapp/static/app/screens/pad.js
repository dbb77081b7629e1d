// A place to sign with a finger, or with a typed name for whoever cannot draw.

import { t } from "../logic/i18n.js";
import { useEffect, useRef, useState } from "../vendor/preact-hooks.js";
import { html } from "./html.js";
import { typed } from "./typed-name.js";

const HEIGHT = 180;
const INK = "#10203a";

/** @param {{signature: Signature, save: (part: Partial<Signature>) => unknown}} props */
export function Pad({ signature, save }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const keep = useRef(save);
  keep.current = save;
  const own = useRef("");
  const [pad, setPad] = useState(/** @type {any} */ (null));
  useEffect(() => {
    let made = /** @type {any} */ (null);
    let isGone = false;
    const begin = async () => {
      const { default: SignaturePad } = await import("../vendor/signature_pad.js");
      const on = canvas.current;
      if (!on || isGone) return;
      const scale = Math.max(devicePixelRatio || 1, 1);
      on.width = on.clientWidth * scale;
      on.height = HEIGHT * scale;
      on.getContext("2d")?.scale(scale, scale);
      made = new SignaturePad(on, { penColor: INK, minWidth: 1, maxWidth: 3 });
      made.addEventListener("endStroke", () => {
        const strokes = points(made.toData(), on.clientWidth);
        own.current = JSON.stringify(strokes);
        keep.current({ strokes, width: on.clientWidth, height: HEIGHT });
      });
      setPad(made);
    };
    void begin();
    return () => {
      isGone = true;
      made?.off();
    };
  }, []);
  const { strokes } = signature;
  useEffect(() => {
    if (!pad || own.current === JSON.stringify(strokes)) return;
    own.current = JSON.stringify(strokes);
    pad.clear();
    if (strokes.length) pad.fromData(groups(strokes));
  }, [pad, strokes]);
  const type = () => {
    const width = canvas.current?.clientWidth ?? signature.width;
    void save({ strokes: typed(signature.name, width, HEIGHT), width, height: HEIGHT });
  };
  return html`
    <canvas ref=${canvas} class="pad" role="img" aria-label=${t("sign.pad")}></canvas>
    <p class="judged" role="status">${t(strokes.length ? "sign.signed" : "sign.unsigned")}</p>
    <div class="pair">
      <button type="button" disabled=${!strokes.length} onClick=${() => save({ strokes: [] })}>
        ${t("sign.clear")}
      </button>
      <button type="button" disabled=${!signature.name.trim()} onClick=${type}>
        ${t("sign.type")}
      </button>
    </div>
  `;
}

/**
 * @param {{points: {x: number, y: number}[]}[]} data
 * @param {number} width
 * @returns {Signature["strokes"]}
 */
function points(data, width) {
  const within = (/** @type {number} */ value, /** @type {number} */ most) =>
    Math.min(most, Math.max(0, Math.round(value)));
  return data.map((group) =>
    group.points.map(({ x, y }) => [within(x, width), within(y, HEIGHT)]),
  );
}

/** @param {Signature["strokes"]} strokes */
function groups(strokes) {
  return strokes.map((stroke) => ({
    penColor: INK,
    dotSize: 0,
    minWidth: 1,
    maxWidth: 3,
    velocityFilterWeight: 0.7,
    compositeOperation: "source-over",
    points: stroke.map(([x, y], index) => ({ x, y, pressure: 0.5, time: index * 16 })),
  }));
}
