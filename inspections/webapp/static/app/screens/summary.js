// What came out so far, to show or to share on the spot. It has no number yet, and says so.

import { pick, t } from "../logic/i18n.js";
import { shortCode } from "../logic/shortcode.js";
import { useState } from "../vendor/preact-hooks.js";
import { to } from "./addresses.js";
import { useVisit } from "./hooks.js";
import { html } from "./html.js";
import { Badge } from "./parts.js";
import { Frame, Wait } from "./shell.js";
import { Gone } from "./visit.js";
import { day, graveness, points, stallName, time, word } from "./words.js";

/** @param {{id: string}} props */
export function Summary({ id }) {
  const visit = useVisit(id);
  if (visit === undefined) return html`<${Wait} />`;
  if (!visit) return html`<${Gone} id=${id} />`;
  return html`<${Frame} title=${t("summary.title")} back=${to(id)}>
    <${SummaryBody} visit=${visit} number=${null} />
  <//>`;
}

/** @param {{visit: SeenVisit, number: string | null}} props */
export function SummaryBody({ visit, number }) {
  const [told, setTold] = useState("");
  const { title, document, result, checklist, bundle } = visit;
  const isTrial = !bundle.checklists.find(({ name }) => name === document.checklist)?.approved;
  const share = async () => {
    const text = inWords(visit, number);
    if (navigator.share) return navigator.share({ title, text }).catch(() => {});
    await navigator.clipboard?.writeText(text);
    setTold(t("summary.copied"));
  };
  return html`
    <p class="number"><b>${number ?? t("summary.nonumber")}</b> · ${shortCode(document.id)}</p>
    <p>
      <b>${title}</b><br />
      ${word("kind", document.kind)} · ${day(visit.day)} · ${pick(checklist.title)}
    </p>
    <div class="verdict">
      <p>
        <${Badge} verdict=${result.verdict} /> ${t("score.of", { score: points(result.score) })}
        ${isTrial && ` · ${t("summary.trial")}`}
      </p>
      <p>${t("score.levels", levels(result))}</p>
      ${result.unanswered > 0 && html`<p>${t("score.left", { count: result.unanswered })}</p>`}
    </div>
    <h2>${t("summary.findings", { count: result.findings.length })}</h2>
    <ul>
      ${result.findings.map((found) => {
        const item = checklist.items.get(found.item);
        return html`<li>
          <b>${found.item}</b> ${item ? pick(item.text) : ""}
          ${" "}(${graveness(checklist, found.severity)}${stallOf(visit, found.stall)}${found.corrected_on_site
            ? `, ${t("summary.corrected")}`
            : ""})
        </li>`;
      })}
    </ul>
    <h2>${t("summary.sections")}</h2>
    <table>
      <tbody>
        ${result.sections
          .filter(({ applicable }) => applicable)
          .map(
            ({ code, title: name, passed, applicable }) => html`<tr>
              <th scope="row">${code}. ${pick(name)}</th>
              <td>${passed}/${applicable}</td>
            </tr>`,
          )}
      </tbody>
    </table>
    <div class="pair unprinted">
      <button type="button" onClick=${share}>${t("summary.share")}</button>
      <button type="button" onClick=${() => print()}>${t("summary.print")}</button>
    </div>
    <p class="hint" role="status">${told}</p>
  `;
}

/** @param {Result} result */
function levels({ level_a, level_b }) {
  return {
    a: `${level_a.passed}/${level_a.applicable}`,
    b: `${level_b.passed}/${level_b.applicable}`,
  };
}

/**
 * @param {SeenVisit} visit
 * @param {string | null} stall
 */
function stallOf(visit, stall) {
  const sheet = visit.document.stalls.find((each) => stall && (each.stall ?? each.new?.id) === stall);
  return sheet ? `, ${stallName(visit, sheet)}` : "";
}

/**
 * @param {SeenVisit} visit
 * @param {string | null} number
 */
function inWords(visit, number) {
  const { title, document, result, checklist } = visit;
  const found = result.findings.map(({ item, stall }) => {
    const known = checklist.items.get(item);
    return `- ${item} ${known ? pick(known.text) : ""}${stallOf(visit, stall)}`;
  });
  return [
    title,
    `${word("kind", document.kind)}, ${time(document.started_at)}`,
    `${number ?? t("summary.nonumber")} · ${shortCode(document.id)}`,
    `${t(result.verdict ? `verdict.${result.verdict}` : "verdict.none")} · ${t("score.of", { score: points(result.score) })}`,
    t("summary.findings", { count: found.length }),
    ...found,
  ].join("\n");
}
