// The items of one section of a sheet.

import { stallSections, establishmentSections, commodityOf } from "../logic/checklist.js";
import { answersOf, sheetOf } from "../logic/document.js";
import { clear, confirm, restPasses } from "../logic/drafts.js";
import { pick, t } from "../logic/i18n.js";
import { outcomeOf } from "../logic/score.js";
import { where } from "../logic/validation.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { sectionOf, to } from "./addresses.js";
import { useVisit } from "./hooks.js";
import { html } from "./html.js";
import { ItemCard } from "./item.js";
import { Check, Meter, Notice } from "./parts.js";
import { Frame, Wait } from "./shell.js";
import { Count, Editable, Gone } from "./visit.js";
import { isCarried, stallName } from "./words.js";

const ONLY = "only unanswered";

/** @param {{id: string, section: string, stall?: string, item?: string}} props */
export function SectionScreen({ id, section: code, stall, item }) {
  const visit = useVisit(id);
  if (visit === undefined) return html`<${Wait} />`;
  if (!visit) return html`<${Gone} id=${id} />`;
  return html`<${Items} visit=${visit} code=${code} stall=${stall ?? null} item=${item} />`;
}

/** @param {{visit: Visit, code: string, stall: string | null, item?: string}} props */
function Items({ visit, code, stall, item: wanted }) {
  const { draft, document, checklist, day } = visit;
  const section = sectionOf(checklist, code);
  const answers = answersOf(document, stall);
  const isOpen = (/** @type {Item} */ item) =>
    outcomeOf(item, answers[item.code], day) === null && !isCarried(visit, item, stall);
  const [isOnly, setOnly] = useState(localStorage.getItem(ONLY) === "yes" && !wanted);
  // What is answered on this screen stays in sight: there may be a note to add.
  const [shown, setShown] = useState(() => section.items.filter(isOpen).map((i) => i.code));
  const [passed, setPassed] = useState(/** @type {string[]} */ ([]));
  useEffect(() => {
    if (wanted) window.document.getElementById(`item-${wanted}`)?.focus();
  }, [wanted]);
  const only = (/** @type {boolean} */ is) => {
    localStorage.setItem(ONLY, is ? "yes" : "no");
    setShown(section.items.filter(isOpen).map((i) => i.code));
    setOnly(is);
  };
  const rest = async () => {
    const before = Object.keys(answers);
    const saved = await restPasses(draft.id, section, stall);
    const now = Object.keys(answersOf(saved.document, stall));
    setPassed(now.filter((each) => !before.includes(each)));
  };
  const undo = async () => {
    for (const each of passed) await clear(draft.id, { item: each, stall });
    setPassed([]);
  };
  const facts = stall ? [] : section.items.filter((each) => each.code in draft.suggested);
  const count = visit.progress.sections.find((s) => s.code === code && s.stall === stall);
  const items = isOnly ? section.items.filter((each) => shown.includes(each.code)) : section.items;
  const canPass = section.items.some(
    (each) => each.answer.type === "pass_fail" && each.severity !== "critical" && isOpen(each),
  );
  const errors = visit.errors.concat(draft.errors).map((error) => ({
    ...error,
    ...where(error.pointer, document),
  }));
  const sheet = stall ? sheetOf(document, stall) : null;
  const back = stall ? to(draft.id, "stall", stall) : to(draft.id);
  return html`<${Frame}
    title=${`${code}. ${pick(section.title)}`}
    back=${back}
    bar=${html`<${Steps} visit=${visit} code=${code} stall=${stall} />`}
  >
    ${sheet && html`<p class="hint">${t("stall.title")} ${stallName(visit, sheet)}</p>`}
    ${count &&
    html`<p><${Count} ...${count} /></p>
      <${Meter} done=${count.answered} of=${count.total} label=${t("visit.progress")} />`}
    <${Check} label=${t("section.only")} checked=${isOnly} pick=${only} />
    ${facts.length > 1 &&
    html`<${Notice} kind="warn">
      <p>${t("facts.some", { count: facts.length })}</p>
      <button type="button" onClick=${() => confirm(draft.id, facts.map((each) => each.code))}>
        ${t("facts.all")}
      </button>
    <//>`}
    ${isOnly && items.length === 0 && html`<p>${t("section.allanswered")}</p>`}
    <${Editable} visit=${visit}>
    ${items.map(
      (each) => html`<${ItemCard}
        key=${each.code}
        visit=${visit}
        item=${each}
        stall=${stall}
        errors=${errors.filter((e) => e.item === each.code && e.stall === stall)}
      />`,
    )}
    ${passed.length > 0
      ? html`<${Notice} kind="good">
          <p>${t("section.passed", { count: passed.length })}</p>
          <button type="button" onClick=${undo}>${t("section.undo")}</button>
        <//>`
      : canPass &&
        html`<button type="button" onClick=${rest}>${t("section.rest")}</button>
          <p class="hint">${t("section.resthint")}</p>`}
    <//>
  <//>`;
}

/** @param {{visit: Visit, code: string, stall: string | null}} props */
function Steps({ visit: { draft, document, checklist }, code, stall }) {
  const sheet = stall ? sheetOf(document, stall) : null;
  const sections = sheet
    ? stallSections(checklist, commodityOf(sheet))
    : establishmentSections(checklist);
  const at = sections.findIndex((section) => section.code === code);
  const [before, after] = [sections[at - 1], sections[at + 1]];
  const back = stall ? to(draft.id, "stall", stall) : to(draft.id);
  const address = (/** @type {Section} */ section) =>
    `#${to(draft.id, "section", section.code, stall)}`;
  return html`
    ${before && html`<a class="button" href=${address(before)}>‹ ${t("section.before")}</a>`}
    <a class="button main" href=${after ? address(after) : `#${back}`}>
      ${after ? `${t("section.after", { code: after.code })} ›` : t("section.end")}
    </a>
  `;
}
