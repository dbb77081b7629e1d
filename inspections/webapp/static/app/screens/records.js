// What was sent from this phone, offline too; and what the server has.

import { place } from "../logic/bundle.js";
import { t } from "../logic/i18n.js";
import { sent } from "../logic/outbox.js";
import { account, send } from "../logic/session.js";
import { shortCode } from "../logic/shortcode.js";
import { useState } from "../vendor/preact-hooks.js";
import { useBundle, useLive } from "./hooks.js";
import { html } from "./html.js";
import { Badge } from "./parts.js";
import { RecordLink } from "./record-link.js";
import { Replace } from "./replace.js";
import { Frame, Wait } from "./shell.js";
import { day, time, word } from "./words.js";

const REPLACEABLE = ["issued", "submitted"];
const SIGNED = [...REPLACEABLE, "superseded"];

export function Records() {
  const entries = useLive(["outbox"], sent);
  const bundle = useBundle();
  const [rows, setRows] = useState(/** @type {any[] | null} */ (null));
  const [told, setTold] = useState("");
  if (!entries || bundle === undefined) return html`<${Wait} />`;
  const isInspector = account()?.role === "inspector";
  const named = (/** @type {string} */ code) => (bundle && place(bundle, code)?.name) || code;
  const ask = async () => {
    setTold("…");
    try {
      setRows(await fetchRows());
      setTold("");
    } catch {
      setTold(t("network.needed"));
    }
  };
  return html`<${Frame} title=${t("nav.records")} here="/records">
    <h2>${t("records.here")}</h2>
    ${entries.length === 0 && html`<p>${t("records.none")}</p>`}
    <ul class="list">
      ${entries.map(({ id, op, title, receipt, sent_at, data, lost }) => {
        const isVisit = op === "inspection.submit";
        return html`<li class="group">
          <h3>${title || word("op", op)}</h3>
          <p>
            ${receipt?.number ?? (isVisit ? shortCode(id) : word("op", op))}
            ${" "}· ${t("records.sent", { time: time(sent_at) })}
          </p>
          ${isVisit && html`<p><${Badge} verdict=${receipt?.verdict} /></p>`}
          ${lost.length > 0 && html`<p class="bad">${t("records.lost", { count: lost.length })}</p>`}
          ${isVisit && html`<p><a href=${`#/sent/${id}`}>${t("queue.show")}</a></p>`}
          ${isVisit && data.kind !== "self_check" && html`<${RecordLink} id=${id} />`}
        </li>`;
      })}
    </ul>
    <h2>${t("records.server")}</h2>
    <button type="button" onClick=${ask}>${t("records.ask")}</button>
    <p class="hint" role="status">${told}</p>
    <ul class="list">
      ${(rows ?? [])
        .filter(({ status }) => status !== "draft")
        .map(
          (row) => html`<li class="group">
            <h3>${named(row.establishment)}</h3>
            <p>
              ${row.number ?? word("kind", row.kind)} · ${day(row.started_at)} ·
              ${" "}${word("status", row.status)}
            </p>
            <p><${Badge} verdict=${row.verdict} /></p>
            ${row.successor && html`<p>${t("records.by", { number: row.successor })}</p>`}
            ${row.number && SIGNED.includes(row.status) && html`<${RecordLink} id=${row.id} />`}
            ${row.number &&
            isInspector &&
            REPLACEABLE.includes(row.status) &&
            html`<${Replace} id=${row.id} />`}
          </li>`,
        )}
    </ul>
  <//>`;
}

/** The newest visits; those that were replaced with the number of the one that did. */
async function fetchRows() {
  const { json } = await send("GET", "inspections/?page_size=50");
  for (const row of json.results.filter((/** @type {any} */ one) => one.status === "superseded")) {
    const { json: old } = await send("GET", `inspections/${row.id}/`);
    const by = json.results.find((/** @type {any} */ one) => one.id === old.superseded_by);
    row.successor = by?.number ?? shortCode(old.superseded_by);
  }
  return json.results;
}
