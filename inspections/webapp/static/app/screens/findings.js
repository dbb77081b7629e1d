// What is still to be put right at a place, the most pressing first.

import { checklist as findChecklist } from "../logic/bundle.js";
import { pick, t } from "../logic/i18n.js";
import { account } from "../logic/session.js";
import { html } from "./html.js";
import { day, word } from "./words.js";

const GRAVENESS = ["critical", "major", "minor"];

/**
 * The item of a finding, from whichever checklist has it.
 * @param {Bundle} bundle
 * @param {string} code
 */
export function itemOf(bundle, code) {
  for (const { name } of bundle.checklists) {
    const item = findChecklist(bundle, name)?.items.get(code);
    if (item) return item;
  }
  return null;
}

/** @param {{bundle: Bundle, place: Establishment, day: string}} props */
export function Findings({ bundle, place, day: today }) {
  const rank = (/** @type {OpenFinding} */ { severity, due_on }) =>
    GRAVENESS.indexOf(severity) + due_on;
  const sorted = [...(place.findings ?? [])].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const isManager = account()?.role === "manager";
  if (!sorted.length) return html`<p>${t("findings.none")}</p>`;
  return html`<ul class="list">
    ${sorted.map((finding) => {
      const item = itemOf(bundle, finding.item);
      const stall = place.stalls?.find(({ id }) => id === finding.stall);
      const isLate = finding.due_on < today;
      const about = html`
        <b>${finding.item} · ${item ? pick(item.text) : ""}</b>
        <span class=${isLate ? "bad" : ""}>
          ${word("severity", finding.severity)} ·
          ${" "}${t(isLate ? "findings.late" : "home.due", { day: day(finding.due_on) })}
        </span>
        <span>
          ${stall && `${t("stall.of", { number: stall.number })} · `}
          ${t("findings.found", { day: day(finding.found_on) })}
          ${finding.repeated && ` · ${t("findings.repeated")}`}
          ${finding.state === "answered" && ` · ${t("findings.answered")}`}
        </span>
      `;
      return html`<li>
        ${isManager
          ? html`<a class="row" href=${`#/finding/${finding.id}`}>${about}</a>`
          : html`<div class="row still">${about}</div>`}
      </li>`;
    })}
  </ul>`;
}
