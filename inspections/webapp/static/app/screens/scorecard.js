// Where a place stands, from the server; without a network the page does without it.

import { language, pick, t } from "../logic/i18n.js";
import { send } from "../logic/session.js";
import { show } from "../logic/text.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { html } from "./html.js";
import { Badge, Notice } from "./parts.js";
import { RecordLink } from "./record-link.js";
import { day, points } from "./words.js";

const WIDTH = 320;
const HEIGHT = 90;
const EDGE = 8;

/** @param {{code: string}} props */
export function Scorecard({ code }) {
  const [card, setCard] = useState(/** @type {Scorecard | null} */ (null));
  useEffect(() => {
    send("GET", `establishments/${code}/scorecard/`).then(
      ({ json }) => setCard(json),
      () => {},
    );
  }, [code]);
  if (!card?.last) return null;
  const { last, fixes, projected, trend, sections } = card;
  const isOneStep = fixes.to_complete?.count === fixes.pass?.count;
  return html`
    ${last.stale && html`<${Notice} kind="warn">${t("card.stale", { days: last.age_days })}<//>`}
    <p>${t("score.levels", { a: share(last.level_a), b: share(last.level_b) })}</p>
    ${projected.assumed > 0 &&
    html`<div class="verdict">
      <p>${t("card.projected")}</p>
      <p>
        <${Badge} verdict=${projected.verdict} />
        ${" "}${t("score.of", { score: points(projected.score) })}
      </p>
    </div>`}
    ${!isOneStep && html`<${Fixes} card=${card} target="to_complete" />`}
    <${Fixes} card=${card} target="pass" />
    <${Trend} visits=${trend.filter(({ score }) => score)} />
    <details>
      <summary>${t("card.sections")}</summary>
      <table>
        ${sections.map(
          (row) => html`<tr>
            <th scope="row">${pick(row.title)}</th>
            <td>${row.before ? `${share(row.before)} → ` : ""}<b>${share(row)}</b></td>
          </tr>`,
        )}
      </table>
    </details>
    ${last.record &&
    html`<p>
        ${last.record.number} · <a href=${last.record.verify_url}>${t("card.verify")}</a>
      </p>
      <div class="unprinted">
        <${RecordLink} id=${last.inspection} />
        <${RecordLink}
          id=${`${code}-poster`}
          path=${`establishments/${code}/poster.pdf`}
          label=${t("card.poster")}
        />
      </div>`}
    <button class="unprinted" onClick=${() => print()}>${t("card.print")}</button>
  `;
}

/** @param {{passed: number, applicable: number}} count */
function share({ passed, applicable }) {
  return `${passed}/${applicable}`;
}

/**
 * The least to do for a verdict.
 * @param {{card: Scorecard, target: "to_complete" | "pass"}} props
 */
function Fixes({ card: { fixes, items }, target }) {
  const found = fixes[target];
  if (!found?.open) return null;
  const left = found.first.filter(({ status }) => status === "open" || status === "reopened");
  return html`<details>
    <summary>${t("card.fixes", { count: found.open, verdict: t(`verdict.${target}`) })}</summary>
    <ul>
      ${left.map(
        ({ finding, item, stall }) => html`<li>
          <a href=${`#/finding/${finding}`}>
            <b>${item}</b> ${items[item] && pick(items[item])}
            ${stall && ` · ${t("stall.of", { number: stall })}`}
          </a>
        </li>`,
      )}
      ${found.open > left.length && html`<li>+ ${found.open - left.length}</li>`}
    </ul>
  </details>`;
}

/** @param {{visits: Scorecard["trend"]}} props */
function Trend({ visits }) {
  if (visits.length < 2) return null;
  const step = (WIDTH - 2 * EDGE) / (visits.length - 1);
  const marks = visits.map(({ score }, index) => [
    EDGE + index * step,
    HEIGHT - EDGE - (Number(score) / 100) * (HEIGHT - 2 * EDGE),
  ]);
  const said = visits.map(({ on, score }) => `${day(on)}: ${show(score ?? "", language())}`);
  return html`<h2>${t("trend.title")}</h2>
    <svg class="trend" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${said.join("; ")}>
      <polyline points=${marks.map((mark) => mark.join(",")).join(" ")} fill="none" />
      ${marks.map(([x, y]) => html`<circle cx=${x} cy=${y} r="4" />`)}
    </svg>
    <p class="hint">${said[0]} → ${said[said.length - 1]}</p>`;
}
