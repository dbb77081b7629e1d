// The record, or another PDF, fetched as the person who may see it.

import { Refused } from "../logic/api.js";
import { t } from "../logic/i18n.js";
import { send } from "../logic/session.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { html } from "./html.js";

const BEING_DRAWN = 202;

/** @param {{id: string, path?: string, label?: string}} props */
export function RecordLink({ id, path = `inspections/${id}/record.pdf`, label }) {
  const [url, setUrl] = useState("");
  const [told, setTold] = useState("");
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  const fetchIt = async () => {
    setTold(t("record.fetching"));
    try {
      const reply = await send("GET", path);
      setTold(reply.status === BEING_DRAWN ? t("record.drawing") : "");
      if (reply.status !== BEING_DRAWN) setUrl(URL.createObjectURL(reply.blob));
    } catch (error) {
      const isEarly = error instanceof Refused && error.code === "evidence_missing";
      if (isEarly) setTold(t("record.early"));
      else setTold(error instanceof Refused ? error.title : t("network.needed"));
    }
  };
  return html`<p>
    ${url
      ? html`<a class="button" href=${url} download=${`${id}.pdf`}>${t("record.save")}</a>`
      : html`<button type="button" onClick=${fetchIt}>${label ?? t("record.fetch")}</button>`}
    <span class="hint" role="status"> ${told}</span>
  </p>`;
}
