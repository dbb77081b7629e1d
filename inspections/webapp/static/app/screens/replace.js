// The way to a record in place of a wrong one.

import { Refused, Unreachable } from "../logic/api.js";
import { t } from "../logic/i18n.js";
import { replace } from "../logic/replace.js";
import { go } from "../logic/router.js";
import { useState } from "../vendor/preact-hooks.js";
import { html } from "./html.js";
import { Text } from "./parts.js";

/** @param {{id: string}} props */
export function Replace({ id }) {
  const [reason, setReason] = useState("");
  const [told, setTold] = useState("");
  const begin = async () => {
    try {
      const draft = await replace(id, reason.trim());
      go(`/visit/${draft.id}`);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      setTold(error instanceof Refused ? error.title : t("network.needed"));
    }
  };
  return html`<details class="sure">
    <summary>${t("replace.title")}</summary>
    <p class="hint">${t("replace.hint")}</p>
    <${Text} label=${t("replace.reason")} rows=${2} value=${reason} save=${setReason} />
    <button type="button" disabled=${!reason.trim()} onClick=${begin}>${t("replace.go")}</button>
    <p role="status">${told}</p>
  </details>`;
}
