// How the score of a place went, from the server; only while there is a network.

import { language, t } from "../logic/i18n.js";
import { send } from "../logic/session.js";
import { show } from "../logic/text.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { html } from "./html.js";
import { day } from "./words.js";

const WIDTH = 320;
const HEIGHT = 90;
const EDGE = 8;

/** @param {{code: string}} props */
export function Trend({ code }) {
  const [visits, setVisits] = useState(/** @type {any[] | null} */ (null));
  useEffect(() => {
    const ask = async () => {
      const { json } = await send("GET", `inspections/?establishment=${code}&page_size=20`);
      const scored = json.results.filter(
        (/** @type {any} */ row) => row.score && row.kind !== "self_check" && row.status !== "voided",
      );
      setVisits(
        scored.sort((/** @type {any} */ a, /** @type {any} */ b) =>
          a.started_at < b.started_at ? -1 : 1,
        ),
      );
    };
    // Without a network there is no trend; the rest of the page does without it.
    ask().catch(() => {});
  }, [code]);
  if (!visits || visits.length < 2) return null;
  const step = (WIDTH - 2 * EDGE) / (visits.length - 1);
  const points = visits.map(({ score }, index) => [
    EDGE + index * step,
    HEIGHT - EDGE - (Number(score) / 100) * (HEIGHT - 2 * EDGE),
  ]);
  const said = visits.map(({ started_at, score }) => `${day(started_at)}: ${show(score, language())}`);
  return html`<h2>${t("trend.title")}</h2>
    <svg class="trend" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${said.join("; ")}>
      <polyline points=${points.map((point) => point.join(",")).join(" ")} fill="none" />
      ${points.map(([x, y]) => html`<circle cx=${x} cy=${y} r="4" />`)}
    </svg>
    <p class="hint">${said[0]} → ${said[said.length - 1]}</p>`;
}
