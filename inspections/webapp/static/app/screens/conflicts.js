// Two phones gave the same answer differently: both are kept until somebody chooses.

import { pick, t } from "../logic/i18n.js";
import { resolve } from "../logic/mirror.js";
import { to } from "./addresses.js";
import { useVisit } from "./hooks.js";
import { html } from "./html.js";
import { Notice } from "./parts.js";
import { Frame, Wait } from "./shell.js";
import { Gone } from "./visit.js";
import { stallName, time, word } from "./words.js";

const LONGEST = 40;

/** @param {{id: string}} props */
export function Conflicts({ id }) {
  const visit = useVisit(id);
  if (visit === undefined) return html`<${Wait} />`;
  if (!visit) return html`<${Gone} id=${id} />`;
  const { conflicts } = visit.draft;
  return html`<${Frame} title=${t("conflicts.title")} back=${to(id)}>
    ${conflicts.length === 0
      ? html`<${Notice} kind="good">${t("conflicts.none")}<//>`
      : html`<p>${t("conflicts.hint")}</p>`}
    ${conflicts.map(
      ({ path, here, other }) => html`<section class="group" aria-label=${path}>
        <h2>${about(visit, path)}</h2>
        ${[here, other].map(
          (side) => html`<div class="side">
            <p><b>${said(side.value)}</b></p>
            <p>${side.by} · ${time(side.at)}</p>
            <button type="button" onClick=${() => resolve(id, path, side.value)}>
              ${t("conflicts.take", { said: said(side.value).slice(0, LONGEST) })}
            </button>
          </div>`,
        )}
      </section>`,
    )}
  <//>`;
}

/**
 * @param {Visit} visit
 * @param {string} path
 */
function about(visit, path) {
  const [member = "", key = "", , code] = path.split(".");
  const item = visit.checklist.items.get(member === "answers" ? key : (code ?? ""));
  const sheet =
    member === "stalls"
      ? visit.document.stalls.find((each) => (each.stall ?? each.new?.id) === key)
      : null;
  const named = item ? `${item.code} · ${pick(item.text)}` : word("member", member);
  return [sheet && stallName(visit, sheet), named].filter(Boolean).join(" · ");
}

/**
 * An answer, or any other value, in a line.
 * @param {any} value
 * @returns {string}
 */
export function said(value) {
  if (value === null || value === undefined || value === "") return t("conflicts.nothing");
  if (typeof value !== "object") return String(word("verdict", String(value)));
  if (Array.isArray(value)) return value.map(said).join("; ");
  if (value.not_applicable) return [t("verdict.na"), value.note].filter(Boolean).join(" – ");
  if ("numerator" in value) return `${value.numerator}/${value.denominator}`;
  if ("value" in value || "photos" in value) {
    const photos = value.photos?.length ? t("photo.count", { count: value.photos.length }) : "";
    const answer = value.value === null ? t("paper.none") : value.value === undefined ? "" : said(value.value);
    return [answer, value.note, photos].filter(Boolean).join(" – ");
  }
  return Object.values(value).map(said).join(", ");
}
