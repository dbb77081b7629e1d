// What is missing or wrong, each with the way to it; then the signatures.

import { submit } from "../logic/drafts.js";
import { pick, t } from "../logic/i18n.js";
import { go } from "../logic/router.js";
import { where } from "../logic/validation.js";
import { to } from "./addresses.js";
import { useVisit } from "./hooks.js";
import { html } from "./html.js";
import { Notice, Row } from "./parts.js";
import { Running } from "./running.js";
import { Frame, Wait } from "./shell.js";
import { Gone } from "./visit.js";
import { flaw, stallName } from "./words.js";

const SIGNING = ["signatures", "refusal"];
const MEASURES = "measures";

/** @param {{id: string}} props */
export function Review({ id }) {
  const visit = useVisit(id);
  if (visit === undefined) return html`<${Wait} />`;
  if (!visit) return html`<${Gone} id=${id} />`;
  const { draft, document, errors, title } = visit;
  const isOwn = document.kind === "self_check";
  const before = errors.filter(({ pointer }) => !SIGNING.includes(pointer.split("/")[1]));
  const facts = Object.keys(draft.suggested).length;
  const send = async () => {
    await submit(id, title);
    go(`/sent/${id}`, { replace: true });
  };
  const bar = before.length
    ? html`<a class="button main" href=${`#${wayTo(visit, before[0])}`}>${t("review.first")}</a>`
    : isOwn
      ? html`<button class="main" onClick=${send}>${t("review.keep")}</button>`
      : html`<a class="button main" href=${`#${to(id, "sign")}`}>${t("review.sign")}</a>`;
  return html`<${Frame} title=${t("review.title")} back=${to(id)} bar=${bar}>
    <${Running} visit=${visit} />
    ${draft.errors.length > 0 &&
    html`<${Notice} kind="bad">
        <p>${t("visit.refused", { count: draft.errors.length })}</p>
      <//>
      <${Problems} visit=${visit} errors=${draft.errors} />`}
    ${draft.conflicts.length > 0 &&
    html`<${Notice} kind="bad">
      <p>${t("conflicts.some", { count: draft.conflicts.length })}</p>
      <a href=${`#${to(id, "conflicts")}`}>${t("conflicts.choose")}</a>
    <//>`}
    ${facts > 0 && html`<${Notice} kind="warn">${t("facts.where", { count: facts })}<//>`}
    ${before.length
      ? html`<h2>${t("review.missing", { count: before.length })}</h2>
          <${Problems} visit=${visit} errors=${before} />`
      : !draft.errors.length && html`<${Notice} kind="good">${t(isOwn ? "review.whole" : "review.complete")}<//>`}
  <//>`;
}

/** @param {{visit: Visit, errors: FieldError[]}} props */
function Problems({ visit, errors }) {
  const { document, checklist } = visit;
  return html`<ul class="list">
    ${errors.map((error) => {
      const at = where(error.pointer, document);
      const item = at.item ? checklist.items.get(at.item) : null;
      const sheet = document.stalls.find((each) => at.stall && (each.stall ?? each.new?.id) === at.stall);
      return html`<${Row} to=${wayTo(visit, error)}>
        <b>
          ${sheet ? `${stallName(visit, sheet)} · ` : ""}
          ${item ? `${item.code} · ${pick(item.text)}` : t(memberText(at.member))}
        </b>
        <span class="bad">${flaw(error)}</span>
      <//>`;
    })}
  </ul>`;
}

/**
 * The screen on which an error can be mended.
 * @param {Visit} visit
 * @param {FieldError} error
 */
function wayTo({ draft: { id }, document, checklist }, { pointer }) {
  const { member, item: code, stall } = where(pointer, document);
  const item = code ? checklist.items.get(code) : null;
  if (item) return to(id, "item", item.section, item.code, stall);
  if (stall) return to(id, "stall", stall);
  if (member === "stalls") return to(id, "stalls");
  if (member === MEASURES) return to(id, MEASURES);
  return SIGNING.includes(member) ? to(id, "sign") : to(id, "closing");
}

/**
 * @param {string} member
 * @returns {import("../logic/i18n.js").Key}
 */
function memberText(member) {
  if (member === "stalls") return "stalls.title";
  if (member === MEASURES) return "measures.title";
  return SIGNING.includes(member) ? "sign.title" : "closing.title";
}
