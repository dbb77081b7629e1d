// A visit that was handed in: waiting on the phone, or with its number.

import { t } from "../logic/i18n.js";
import { get, getSent, sent } from "../logic/outbox.js";
import { shortCode } from "../logic/shortcode.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { seen, useLive } from "./hooks.js";
import { html } from "./html.js";
import { Notice } from "./parts.js";
import { RecordLink } from "./record-link.js";
import { Replace } from "./replace.js";
import { Frame, Wait } from "./shell.js";
import { SummaryBody } from "./summary.js";
import { word } from "./words.js";

const STUCK = ["rejected", "conflict"];

/** @param {string} id */
async function find(id) {
  const queued = await get(id);
  const done = queued ? null : await getSent(id);
  const entry = queued ?? done;
  if (!entry) return null;
  const first = queued?.draft?.first ?? done?.first ?? null;
  const visit = await seen(entry.data, first).catch(() => null);
  const successor = (await sent()).find(({ data }) => data?.supersedes === id);
  return { entry, visit, successor, state: queued?.state ?? "sent" };
}

/** @param {{id: string}} props */
export function Sent({ id }) {
  const found = useLive(["outbox", "bundle"], () => find(id), [id]);
  if (found === undefined) return html`<${Wait} />`;
  if (!found) {
    return html`<${Frame} title=${t("sent.unknown")} back="/"><p>${t("sent.unknownwhy")}</p><//>`;
  }
  const { entry, visit, successor, state } = found;
  const { receipt } = entry;
  const code = shortCode(id);
  const isStuck = STUCK.includes(state);
  const isWhole = receipt && state !== "photos_lost";
  const isOwn = entry.data?.kind === "self_check";
  const number = receipt?.number ?? null;
  const bar = html`<a class="button main" href="#/">${t("sent.end")}</a>`;
  return html`<${Frame} title=${t("sent.title")} back="/" bar=${bar}>
    <${Notice} kind=${isStuck ? "bad" : isWhole ? "good" : "warn"}>
      <p><b>${entry.title}</b></p>
      ${!isStuck &&
      html`<p>${receipt ? t(isOwn ? "sent.kept" : "sent.arrived") : t("sent.waiting")}</p>`}
      ${state !== "sent" && html`<p>${word("state", state)}</p>`}
    <//>
    <p class="code-large"><span>${t("sent.code")}</span><b>${code}</b></p>
    ${number && html`<p class="code-large"><span>${t("sent.number")}</span><b>${number}</b></p>`}
    <${Code} text=${receipt?.verify_url ?? `${code} ${id}`} />
    <p class="hint">${t(receipt?.verify_url ? "sent.qr" : "sent.qrwaiting")}</p>
    ${receipt && !isOwn && html`<${RecordLink} id=${id} />`}
    ${successor
      ? html`<p>
          <a href=${`#/sent/${successor.id}`}>
            ${t("records.by", { number: successor.receipt?.number ?? shortCode(successor.id) })}
          </a>
        </p>`
      : receipt && !isOwn && html`<${Replace} id=${id} />`}
    <p><a href="#/queue">${t("nav.queue")}</a></p>
    ${visit && html`<${SummaryBody} visit=${visit} number=${number} />`}
  <//>`;
}

/** @param {{text: string}} props */
function Code({ text }) {
  const [rows, setRows] = useState(/** @type {boolean[][]} */ ([]));
  useEffect(() => {
    const draw = async () => {
      const { qr } = await import("../logic/qr.js");
      setRows(qr(text));
    };
    void draw();
  }, [text]);
  const size = rows.length + 8;
  const dark = rows.flatMap((row, y) =>
    row.map((isDark, x) => (isDark ? `M${x + 4} ${y + 4}h1v1h-1z` : "")),
  );
  return html`<svg class="qr" viewBox=${`0 0 ${size} ${size}`} role="img" aria-label=${t("sent.qrlabel")}>
    <rect width="100%" height="100%" fill="#fff" />
    <path d=${dark.join("")} fill="#000" shape-rendering="crispEdges" />
  </svg>`;
}
