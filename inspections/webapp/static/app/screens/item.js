// One item of the checklist with its answer, note and photos.

import { answersOf } from "../logic/document.js";
import { answer, clear, confirm } from "../logic/drafts.js";
import { pick, t } from "../logic/i18n.js";
import { outcomeOf } from "../logic/score.js";
import { useState } from "../vendor/preact-hooks.js";
import { html } from "./html.js";
import { Input } from "./inputs.js";
import { Badge, Check, Text } from "./parts.js";
import { Photos } from "./photos.js";
import { phrases } from "./phrases.js";
import { day as date, flaw, graveness, isCarried, wanted } from "./words.js";

/** @param {{visit: Visit, item: Item, stall: string | null, errors: FieldError[]}} props */
export function ItemCard({ visit, item, stall, errors }) {
  const { draft, document, checklist, day, place } = visit;
  const at = { item: item.code, stall };
  const given = answersOf(document, stall)[item.code];
  const suggested = stall || given ? undefined : draft.suggested[item.code];
  const shown = given ?? suggested ?? {};
  const outcome = outcomeOf(item, given, day);
  const [isNoting, setNoting] = useState(false);
  const save = (/** @type {Parameters<typeof answer>[2]} */ change) => answer(draft.id, at, change);
  const isBad = outcome === "fail" || outcome === "na" || shown.value === null;
  const flaws = given ? errors.filter(({ code }) => code !== "missing_answer") : [];
  const about = [
    graveness(checklist, item.severity),
    t("item.level", { level: item.level }),
    wanted(item.answer),
    item.photo === "always" && t("item.photo"),
  ];
  const known = place?.findings?.find(
    (each) => each.item === item.code && (each.stall ?? null) === stall,
  );
  const title = `title-${item.code}`;
  return html`<article
    id=${`item-${item.code}`}
    class=${`item ${outcome ?? ""}`}
    tabindex="-1"
    aria-labelledby=${title}
  >
    <h2 id=${title}><span class="code">${item.code}</span> ${pick(item.text)}</h2>
    <p class="hint">${about.filter(Boolean).join(" · ")}</p>
    ${item.note_vi && html`<p class="hint">${item.note_vi}</p>`}
    ${known && html`<p class="bad">${t("item.known", { day: date(known.found_on) })}</p>`}
    ${!given &&
    isCarried(visit, item, stall) &&
    html`<p class="hint">${t("item.carried")}</p>`}
    ${suggested &&
    html`<div class="notice warn">
      <p>${t("facts.one")}</p>
      <button type="button" onClick=${() => confirm(draft.id, [item.code])}>
        ${t("facts.confirm")}
      </button>
    </div>`}
    <${Input} item=${item} answer=${shown} save=${save} />
    ${outcome &&
    item.answer.type !== "pass_fail" &&
    html`<p class="judged" role="status">${t("item.judged")} <${Badge} verdict=${outcome} /></p>`}
    ${(isBad || isNoting || shown.note) &&
    html`<${Note} item=${item} answer=${shown} isFail=${outcome === "fail"} save=${save} />`}
    ${outcome === "fail" &&
    html`<${Check}
      label=${t("item.corrected")}
      checked=${shown.corrected_on_site}
      pick=${(/** @type {boolean} */ is) => save({ corrected_on_site: is || undefined })}
    />`}
    <${Photos} draft=${draft} at=${at} photos=${given?.photos ?? []} />
    ${flaws.map((error) => html`<p class="wrong">${flaw(error)}</p>`)}
    ${given &&
    html`<p class="small">
      ${!isBad &&
      !shown.note &&
      !isNoting &&
      html`<button type="button" onClick=${() => setNoting(true)}>${t("item.addnote")}</button>`}
      <button type="button" onClick=${() => clear(draft.id, at)}>
        ${t("item.clear", { item: item.code })}
      </button>
    </p>`}
    ${item.refs.length > 0 &&
    html`<details>
      <summary>${t("item.refs")}</summary>
      <p class="hint">${item.refs.map(({ text }) => text).join("; ")}</p>
    </details>`}
  </article>`;
}

/** @typedef {import("./inputs.js").InputProps} InputProps */

/**
 * @param {InputProps & {isFail: boolean}} props
 */
function Note({ item, answer: shown, isFail, save }) {
  const isNeeded = shown.not_applicable || (isFail && item.answer.type === "pass_fail") ||
    shown.value === null;
  const ready = phrases(item, shown);
  return html`<div>
    <${Text}
      label=${t(isNeeded ? "item.noteneeded" : "item.note")}
      rows=${2}
      value=${shown.note}
      save=${(/** @type {string} */ note) => save({ note: note || undefined })}
    />
    <div class="chips" role="group" aria-label=${t("item.phrases")}>
      ${ready.map(
        (phrase) => html`<button
          type="button"
          onClick=${() => save(({ note }) => ({ note: [note, phrase].filter(Boolean).join(" ") }))}
        >
          ${phrase}
        </button>`,
      )}
    </div>
  </div>`;
}
