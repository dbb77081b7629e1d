// Score and verdict of what is answered so far, computed as the server does.

import { t } from "../logic/i18n.js";
import { blocking } from "../logic/score.js";
import { html } from "./html.js";
import { Badge } from "./parts.js";
import { points } from "./words.js";

/** @param {{visit: Visit}} props */
export function Running({ visit: { result, progress } }) {
  const left = progress.total - progress.answered;
  const stops = blocking(result).length;
  return html`<div class="verdict">
    ${progress.answered === 0
      ? html`<p>${t("score.nothing", { count: left })}</p>`
      : html`<p>
            ${t(left ? "score.sofar" : "score.final")} <${Badge} verdict=${result.verdict} />
            ${" "}<b>${t("score.of", { score: points(result.score) })}</b>
          </p>
          <p>${t("score.levels", {
            a: `${result.level_a.passed}/${result.level_a.applicable}`,
            b: `${result.level_b.passed}/${result.level_b.applicable}`,
          })}${left ? ` · ${t("score.left", { count: left })}` : ""}</p>
          ${stops > 0 && html`<p class="bad">${t("score.stops", { count: stops })}</p>`}`}
  </div>`;
}
