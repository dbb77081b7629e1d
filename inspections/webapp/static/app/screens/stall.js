// One stall: what it sells as seen, its sections, or why it was not assessed.

import { commodityOf, stallOf } from "../logic/checklist.js";
import { sheetOf } from "../logic/document.js";
import { removeStall, setStall } from "../logic/drafts.js";
import { pick, t } from "../logic/i18n.js";
import { go } from "../logic/router.js";
import { useState } from "../vendor/preact-hooks.js";
import { sectionOf, to } from "./addresses.js";
import { useVisit } from "./hooks.js";
import { html } from "./html.js";
import { Badge, Radios, Row, Sure, Text } from "./parts.js";
import { Frame, Wait } from "./shell.js";
import { Count, Editable, Gone } from "./visit.js";
import { sold, stallName } from "./words.js";

// They stand in the record.
const REASONS = ["Quầy nghỉ hôm nay", "Chủ quầy đi vắng", "Đã ngừng kinh doanh"];

/** @param {{id: string, stall: string}} props */
export function Stall({ id, stall }) {
  const visit = useVisit(id);
  const [isLeaving, setLeaving] = useState(false);
  if (visit === undefined) return html`<${Wait} />`;
  if (!visit) return html`<${Gone} id=${id} />`;
  const { document, checklist, progress, result } = visit;
  const sheet = sheetOf(document, stall);
  if (!sheet) return html`<${Frame} title=${t("stalls.title")} back=${to(id, "stalls")} />`;
  const name = stallName(visit, sheet);
  const isAbsent = typeof sheet.absent === "string" || isLeaving;
  const mode = (/** @type {string} */ picked) => {
    setLeaving(picked === "absent");
    if (picked === "present") void setStall(id, stall, { absent: null });
  };
  const judged = result.stalls.find((each) => each.stall === stall);
  const bar = html`<a class="button main" href=${`#${to(id, "stalls")}`}>${t("stall.end")}</a>`;
  const remove = async () => {
    await removeStall(id, stall);
    go(to(id, "stalls"), { replace: true });
  };
  return html`<${Frame} title=${name} back=${to(id, "stalls")} bar=${bar}>
    <${Editable} visit=${visit}>
    <${Radios}
      legend=${t("stall.present")}
      options=${[
        ["present", t("stall.open")],
        ["absent", t("stall.absent")],
      ]}
      value=${isAbsent ? "absent" : "present"}
      pick=${mode}
    />
    ${isAbsent
      ? html`<${Text}
            label=${t("stall.reason")}
            value=${sheet.absent}
            save=${(/** @type {string} */ absent) => setStall(id, stall, { absent })}
          />
          <div class="chips" role="group" aria-label=${t("item.phrases")}>
            ${REASONS.map(
              (reason) => html`<button
                type="button"
                onClick=${() => setStall(id, stall, { absent: reason })}
              >
                ${reason}
              </button>`,
            )}
          </div>`
      : html`<${Commodity} visit=${visit} sheet=${sheet} />
          <p>${t("stall.verdict")} <${Badge} verdict=${judged?.criteria.length ? judged.verdict : null} /></p>
          <ul class="list">
            ${progress.sections
              .filter((each) => each.stall === stall)
              .map(
                ({ code, answered, total }) => html`<${Row}
                  to=${to(id, "section", code, stall)}
                  class=${answered === total ? "done" : ""}
                >
                  <b>${code}. ${pick(sectionOf(checklist, code).title)}</b>
                  <${Count} answered=${answered} total=${total} />
                <//>`,
              )}
          </ul>`}
    <${Sure} label=${t("stall.remove")} sure=${t("stall.removesure", { name })} act=${remove} />
    <//>
  <//>`;
}

/** @param {{visit: Visit, sheet: StallSheet}} props */
function Commodity({ visit: { draft, checklist }, sheet }) {
  const known = commodityOf(sheet);
  const choice = html`<${Radios}
    legend=${t("stall.commodity")}
    options=${Object.keys(checklist.commodities).map((code) => [code, sold(checklist, code)])}
    value=${known}
    pick=${(/** @type {string} */ commodity) => setStall(draft.id, stallOf(sheet), { commodity })}
    column
  />`;
  if (!known) return choice;
  return html`<details>
    <summary>${t("stall.sells", { goods: sold(checklist, known) })}</summary>
    ${choice}
  </details>`;
}
