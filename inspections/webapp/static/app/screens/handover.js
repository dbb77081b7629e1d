// Stall sheets from a colleague's phone to this one, as a file, without a network.

import { stallOf } from "../logic/checklist.js";
import { pack, preview, take, unpack } from "../logic/handover.js";
import { t } from "../logic/i18n.js";
import { shortCode } from "../logic/shortcode.js";
import { useRef, useState } from "../vendor/preact-hooks.js";
import { to } from "./addresses.js";
import { said } from "./conflicts.js";
import { useVisit } from "./hooks.js";
import { html } from "./html.js";
import { Check, Notice, Radios } from "./parts.js";
import { Frame, Wait } from "./shell.js";
import { Gone } from "./visit.js";
import { stallName, word } from "./words.js";

/** @param {{id: string}} props */
export function Handover({ id }) {
  const visit = useVisit(id);
  if (visit === undefined) return html`<${Wait} />`;
  if (!visit) return html`<${Gone} id=${id} />`;
  return html`<${Frame} title=${t("handover.title")} back=${to(id)}>
    <p>${t("handover.hint")}</p>
    <${Give} visit=${visit} />
    <${Take} visit=${visit} />
  <//>`;
}

/** @param {{visit: Visit}} props */
function Give({ visit }) {
  const { draft, document } = visit;
  const all = document.stalls.map(stallOf);
  const [left, setLeft] = useState(/** @type {string[]} */ ([]));
  const chosen = all.filter((stall) => !left.includes(stall));
  const give = async () => {
    const blob = await pack(draft, chosen);
    const name = `${shortCode(draft.id)}.cho.json`;
    const file = new File([blob], name, { type: "application/json" });
    if (navigator.canShare?.({ files: [file] })) {
      return navigator.share({ files: [file], title: visit.title }).catch(() => {});
    }
    const url = URL.createObjectURL(blob);
    Object.assign(window.document.createElement("a"), { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
  return html`<h2>${t("handover.give")}</h2>
    ${all.length === 0 && html`<p>${t("stalls.none")}</p>`}
    ${document.stalls.map((sheet) => {
      const stall = stallOf(sheet);
      return html`<${Check}
        label=${stallName(visit, sheet)}
        checked=${!left.includes(stall)}
        pick=${(/** @type {boolean} */ is) =>
          setLeft(is ? left.filter((each) => each !== stall) : [...left, stall])}
      />`;
    })}
    <button type="button" disabled=${!chosen.length} onClick=${give}>
      ${t("handover.share", { count: chosen.length })}
    </button>`;
}

/** @param {{visit: Visit}} props */
function Take({ visit }) {
  const { draft } = visit;
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [choices, setChoices] = useState(/** @type {Record<string, "here" | "other">} */ ({}));
  const [told, setTold] = useState("");
  const open = async () => {
    const file = input.current?.files?.[0];
    if (!file) return;
    try {
      const handover = await unpack(file);
      setFound({ handover, ...preview(draft, handover) });
      setTold("");
    } catch (error) {
      setFound(null);
      const code = /** @type {{code?: string}} */ (error).code ?? "";
      setTold(word("handover", code) || t("handover.unreadable"));
    }
  };
  const accept = async () => {
    await take(draft.id, found.handover, choices);
    setTold(t("handover.taken", { count: found.added.length + found.differing.length }));
    setFound(null);
  };
  return html`<h2>${t("handover.take")}</h2>
    <div class="field">
      <label for="handover-file">${t("handover.file")}</label>
      <input id="handover-file" ref=${input} type="file" accept=".json,application/json" onChange=${open} />
    </div>
    ${told && html`<${Notice}>${told}<//>`}
    ${found &&
    html`<p>${t("handover.found", { added: found.added.length, same: found.same.length })}</p>
      ${found.differing.map(
        (/** @type {any} */ { stall, item, here, other }) => html`<${Radios}
          legend=${`${t("stall.title")} ${nameOf(visit, stall)} · ${item}`}
          column
          options=${[
            ["here", t("handover.here", { said: said(here) })],
            ["other", t("handover.other", { said: said(other) })],
          ]}
          value=${choices[`${stall}.${item}`]}
          pick=${(/** @type {"here" | "other"} */ side) =>
            setChoices({ ...choices, [`${stall}.${item}`]: side })}
        />`,
      )}
      <button type="button" class="main" onClick=${accept}>${t("handover.accept")}</button>`}`;
}

/**
 * @param {Visit} visit
 * @param {string} stall
 */
function nameOf(visit, stall) {
  const sheet = visit.document.stalls.find((each) => stallOf(each) === stall);
  return sheet ? stallName(visit, sheet) : "";
}
