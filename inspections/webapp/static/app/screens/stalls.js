// The stalls of the visit, by what they sell; more are added from the register or as new.

import { commodityOf, stallOf } from "../logic/checklist.js";
import { addStall } from "../logic/drafts.js";
import { t } from "../logic/i18n.js";
import { go } from "../logic/router.js";
import { fold } from "../logic/text.js";
import { useState } from "../vendor/preact-hooks.js";
import { to } from "./addresses.js";
import { useVisit } from "./hooks.js";
import { html } from "./html.js";
import { Badge, Radios, Row, Text } from "./parts.js";
import { Frame, Wait } from "./shell.js";
import { Count, Editable, Gone } from "./visit.js";
import { sold, stallName } from "./words.js";

const MOST = 30;

/** @param {{id: string}} props */
export function Stalls({ id }) {
  const visit = useVisit(id);
  if (visit === undefined) return html`<${Wait} />`;
  if (!visit) return html`<${Gone} id=${id} />`;
  const { document, checklist } = visit;
  const codes = [...Object.keys(checklist.commodities), ""];
  const groups = codes.map((code) => ({
    code,
    sheets: document.stalls.filter((sheet) => commodityOf(sheet) === code),
  }));
  const bar = html`<a class="button main" href=${`#${to(id)}`}>${t("stalls.end")}</a>`;
  return html`<${Frame} title=${t("stalls.title")} back=${to(id)} bar=${bar}>
    <p class="hint">${t("stalls.hint")}</p>
    ${document.stalls.length === 0 && html`<p>${t("stalls.none")}</p>`}
    ${groups
      .filter(({ sheets }) => sheets.length)
      .map(
        ({ code, sheets }) => html`<h2>${code ? sold(checklist, code) : t("stall.unknown")}</h2>
          <ul class="list">
            ${sheets.map((sheet) => html`<${SheetRow} visit=${visit} sheet=${sheet} />`)}
          </ul>`,
      )}
    <${Editable} visit=${visit}>
      <${AddKnown} visit=${visit} />
      <${AddNew} visit=${visit} />
    <//>
  <//>`;
}

/** @param {{visit: Visit, sheet: StallSheet}} props */
function SheetRow({ visit, sheet }) {
  const stall = stallOf(sheet);
  const count = visit.progress.stalls.find((each) => each.stall === stall);
  const result = visit.result.stalls.find((each) => each.stall === stall);
  const isDone = sheet.absent || (count && count.answered === count.total);
  return html`<${Row} to=${to(visit.draft.id, "stall", stall)} class=${isDone ? "done" : ""}>
    <b>${stallName(visit, sheet)}</b>
    ${sheet.absent
      ? html`<span>${t("stall.absentwhy", { reason: sheet.absent })}</span>`
      : html`<span>
          ${count && html`<${Count} ...${count} />`}
          ${count && count.answered > 0 && html` · <${Badge} verdict=${result?.verdict} />`}
        </span>`}
    ${sheet.new && html`<span>${t("stall.new")}</span>`}
  <//>`;
}

/** @param {{visit: Visit}} props */
function AddKnown({ visit: { draft, document, place, checklist } }) {
  const [text, setText] = useState("");
  const taken = new Set(document.stalls.map(stallOf));
  const words = fold(text).split(" ").filter(Boolean);
  const left = (place?.stalls ?? []).filter(({ id }) => !taken.has(id));
  const found = left.filter(({ number, trader, zone, commodity }) => {
    const said = fold([number, trader, zone, checklist.commodities[commodity ?? ""]].join(" "));
    return words.every((each) => said.includes(each));
  });
  const add = async (/** @type {Stall} */ { id, commodity }) => {
    await addStall(draft.id, { stall: id, commodity });
    go(to(draft.id, "stall", id));
  };
  if (!left.length) return html`<p class="hint">${t("stalls.all")}</p>`;
  return html`<h2>${t("stalls.add")}</h2>
    <div class="field">
      <label for="stall-search">${t("stalls.search")}</label>
      <input
        id="stall-search"
        type="search"
        value=${text}
        autocomplete="off"
        onInput=${(/** @type {any} */ e) => setText(e.currentTarget.value)}
      />
    </div>
    <ul class="list">
      ${found.slice(0, MOST).map(
        (stall) => html`<li>
          <button type="button" class="row" onClick=${() => add(stall)}>
            <b>${[stall.number, stall.trader].filter(Boolean).join(" · ")}</b>
            <span>${[sold(checklist, stall.commodity ?? ""), stall.zone].filter(Boolean).join(" · ")}</span>
          </button>
        </li>`,
      )}
    </ul>
    ${found.length > MOST && html`<p class="hint">${t("stalls.more", { count: found.length - MOST })}</p>`}`;
}

/** @param {{visit: Visit}} props */
function AddNew({ visit: { draft, checklist } }) {
  const [stall, setStall] = useState({ number: "", trader: "", commodity: "" });
  const change = (/** @type {Partial<typeof stall>} */ part) => setStall({ ...stall, ...part });
  const add = async () => {
    const { document } = await addStall(draft.id, { new: stall });
    const last = document.stalls[document.stalls.length - 1];
    go(to(draft.id, "stall", stallOf(last)));
  };
  const options = Object.keys(checklist.commodities).map((code) => [code, sold(checklist, code)]);
  return html`<details class="sure">
    <summary>${t("stalls.addnew")}</summary>
    <${Text}
      label=${t("stall.number")}
      value=${stall.number}
      save=${(/** @type {string} */ number) => change({ number })}
    />
    <${Text}
      label=${t("stall.trader")}
      value=${stall.trader}
      save=${(/** @type {string} */ trader) => change({ trader })}
    />
    <${Radios}
      legend=${t("stall.commodity")}
      options=${options}
      value=${stall.commodity}
      pick=${(/** @type {string} */ commodity) => change({ commodity })}
      column
    />
    <button
      type="button"
      class="main"
      disabled=${!stall.number.trim() || !stall.commodity}
      onClick=${add}
    >
      ${t("stalls.addthis")}
    </button>
  </details>`;
}
