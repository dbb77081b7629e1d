// The visit at a glance: how it stands, and where to go on.

import { commodityOf, stallOf } from "../logic/checklist.js";
import { discard, set } from "../logic/drafts.js";
import { pick, t } from "../logic/i18n.js";
import { moment } from "../logic/moments.js";
import { go } from "../logic/router.js";
import { useState } from "../vendor/preact-hooks.js";
import { useVisit } from "./hooks.js";
import { html } from "./html.js";
import { Meter, Notice, Row, Sure } from "./parts.js";
import { Running } from "./running.js";
import { Frame, Wait } from "./shell.js";
import { sectionOf, to } from "./addresses.js";
import { word } from "./words.js";

/** @param {{id: string}} props */
export function VisitScreen({ id }) {
  const visit = useVisit(id);
  if (visit === undefined) return html`<${Wait} />`;
  if (!visit) return html`<${Gone} id=${id} />`;
  const { draft, document, checklist, progress, title } = visit;
  const facts = Object.keys(draft.suggested);
  const inputs = checklist.measures.filter(({ kind }) => kind === "input");
  const stalls = document.stalls;
  const hasStalls = Object.keys(checklist.commodities).length > 0;
  const left = progress.total - progress.answered;
  const bar = html`
    <a class="button" href=${`#${to(id, "summary")}`}>${t("summary.title")}</a>
    <a class="button main" href=${`#${to(id, "review")}`}>
      ${left ? t("visit.left", { count: left }) : t("review.title")}
    </a>
  `;
  const drop = async () => {
    await discard(id);
    go("/", { replace: true });
  };
  return html`<${Frame} title=${title} back="/" bar=${bar}>
    <p class="hint">${word("kind", document.kind)} · ${pick(checklist.title)}</p>
    ${document.supersedes && html`<p>${t("replace.is")}</p>`}
    <${Notices} visit=${visit} />
    <${Running} visit=${visit} />
    <${Meter} done=${progress.answered} of=${progress.total} label=${t("visit.progress")} />
    ${facts.length > 0 &&
    html`<${Notice} kind="warn">${t("facts.where", { count: facts.length })}<//>`}
    <h2>${t("visit.place")}</h2>
    <ul class="list">
      ${progress.sections
        .filter(({ stall }) => !stall)
        .map(
          ({ code, answered, total }) => html`<${Row}
            to=${to(id, "section", code)}
            class=${answered === total ? "done" : ""}
          >
            <b>${code}. ${pick(sectionOf(checklist, code).title)}</b>
            <${Count} answered=${answered} total=${total} />
          <//>`,
        )}
    </ul>
    ${hasStalls &&
    html`<h2>${t("stalls.title")}</h2>
      <ul class="list">
        <${Row} to=${to(id, "stalls")}>
          <b>${t("stalls.open")}</b>
          <span>
            ${t("stalls.count", {
              count: stalls.filter((sheet) => !sheet.absent && commodityOf(sheet)).length,
              absent: stalls.filter((sheet) => stallOf(sheet) && sheet.absent).length,
            })}
          </span>
        <//>
      </ul>`}
    <h2>${t("visit.rest")}</h2>
    <ul class="list">
      ${inputs.length > 0 &&
      html`<${Row} to=${to(id, "measures")}>
        <b>${t("measures.title")}</b>
        <span>${Object.keys(document.measures).length} / ${inputs.length}</span>
      <//>`}
      <${Row} to=${to(id, "closing")}><b>${t("closing.title")}</b><//>
      ${hasStalls &&
      document.kind !== "self_check" &&
      html`<${Row} to=${to(id, "handover")}><b>${t("handover.title")}</b><//>`}
    </ul>
    ${document.kind !== "self_check" && html`<${Whereabouts} visit=${visit} />`}
    <${Sure} label=${t("visit.discard")} sure=${t("visit.discardsure", { title })} act=${drop} />
  <//>`;
}

/** @param {{answered: number, total: number}} props */
export function Count({ answered, total }) {
  return html`<span class="count">
    ${answered === total ? t("visit.done", { total }) : t("visit.of", { answered, total })}
  </span>`;
}

/**
 * What was signed is not changed under the signature.
 * @param {{visit: Visit, children?: unknown}} props
 */
export function Editable({ visit: { draft, document }, children }) {
  const isSigned = document.signatures.some(({ strokes }) => strokes.length > 0);
  return html`
    ${isSigned &&
    html`<${Notice} kind="warn">
      <p>${t("sign.locked")}</p>
      <button type="button" onClick=${() => set(draft.id, { signatures: [] })}>
        ${t("sign.unlock")}
      </button>
    <//>`}
    <fieldset class="all" disabled=${isSigned}>${children}</fieldset>
  `;
}

/** @param {{id: string}} props */
export function Gone({ id }) {
  return html`<${Frame} title=${t("visit.gone")} back="/">
    <p>${t("visit.gonewhy")}</p>
    <p><a href=${`#/sent/${id}`}>${t("visit.gonesent")}</a></p>
  <//>`;
}

/** @param {{visit: Visit}} props */
function Notices({ visit: { draft, checklist } }) {
  const { camera, id } = draft;
  const item = camera && checklist.items.get(camera.item);
  return html`
    ${camera &&
    item &&
    html`<${Notice} kind="warn">
      <p>${t("photo.lost", { item: item.code })}</p>
      <a href=${`#${to(id, "item", item.section, item.code, camera.stall)}`}>${t("photo.again")}</a>
    <//>`}
    ${draft.conflicts.length > 0 &&
    html`<${Notice} kind="bad">
      <p>${t("conflicts.some", { count: draft.conflicts.length })}</p>
      <a href=${`#${to(id, "conflicts")}`}>${t("conflicts.choose")}</a>
    <//>`}
    ${draft.errors.length > 0 &&
    html`<${Notice} kind="bad">
      <p>${t("visit.refused", { count: draft.errors.length })}</p>
      <a href=${`#${to(id, "review")}`}>${t("review.title")}</a>
    <//>`}
  `;
}

/** @param {{visit: Visit}} props */
function Whereabouts({ visit: { draft, document } }) {
  const [problem, setProblem] = useState("");
  const found = (/** @type {GeolocationPosition} */ { coords }) =>
    set(draft.id, {
      location: {
        latitude: coords.latitude.toFixed(6),
        longitude: coords.longitude.toFixed(6),
        accuracy_m: String(Math.round(coords.accuracy)),
        mock: false,
        at: moment(),
      },
    });
  const ask = () =>
    navigator.geolocation.getCurrentPosition(found, () => setProblem(t("location.none")), {
      enableHighAccuracy: true,
      timeout: 20_000,
    });
  const { location } = document;
  return html`<h2>${t("location.title")}</h2>
    <p class="hint" role="status">
      ${problem ||
      (location
        ? t("location.known", { accuracy: location.accuracy_m ?? "?" })
        : t("location.optional"))}
    </p>
    <button type="button" onClick=${ask}>${t("location.ask")}</button>`;
}
