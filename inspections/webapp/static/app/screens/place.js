// A place as it stands: the last verdict and what is to be put right. A manager's own page.

import { place as findPlace } from "../logic/bundle.js";
import { t } from "../logic/i18n.js";
import { dayOf } from "../logic/moments.js";
import { account } from "../logic/session.js";
import { useBundle } from "./hooks.js";
import { html } from "./html.js";
import { Findings } from "./findings.js";
import { Badge } from "./parts.js";
import { Scorecard } from "./scorecard.js";
import { Frame, Wait } from "./shell.js";
import { day, points, word } from "./words.js";

/** @param {{code: string}} props */
export function Place({ code }) {
  const bundle = useBundle();
  if (!bundle) return html`<${Wait} />`;
  const place = findPlace(bundle, code);
  if (!place) return html`<${Frame} title=${code} back="/"><p>${t("place.gone")}</p><//>`;
  const isManager = account()?.role === "manager";
  const bar = html`
    ${isManager &&
    place.kind !== "market" &&
    html`<a class="button" href=${`#/place/${code}/bags`}>${t("bags.title")}</a>`}
    <a class="button main" href=${`#/start/${code}`}>
      ${t(isManager ? "start.selfcheck" : "start.go")}
    </a>
  `;
  return html`<${Frame} title=${place.name} back="/" bar=${bar}>
    <${PlaceState} place=${place} />
    ${isManager && html`<${Scorecard} code=${code} />`}
    <h2>${t("place.fix")}</h2>
    <${Findings} bundle=${bundle} place=${place} day=${dayOf(Date.now())} />
  <//>`;
}

/** @param {{place: Establishment}} props */
export function PlaceState({ place: { kind, unit, address, last } }) {
  return html`<p class="hint">
      ${[word("placekind", kind), address, unit].filter(Boolean).join(" · ")}
    </p>
    <div class="verdict">
      ${last
        ? html`<p><${Badge} verdict=${last.verdict} /> ${t("score.of", { score: points(last.score) })}
              ${last.disputed && html`<br />${t("place.disputed")}`}</p>
            <p>${t("place.last", { day: day(last.on) })}${last.number ? ` · ${last.number}` : ""}</p>`
        : html`<p>${t("place.never")}</p>`}
    </div>`;
}
