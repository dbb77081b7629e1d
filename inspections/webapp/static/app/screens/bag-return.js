// The monthly figures of a supermarket, declared by its manager.

import { checklistsFor, place as findPlace } from "../logic/bundle.js";
import { t } from "../logic/i18n.js";
import { dayOf } from "../logic/moments.js";
import { enqueue } from "../logic/outbox.js";
import { go } from "../logic/router.js";
import { account } from "../logic/session.js";
import { readDecimal } from "../logic/text.js";
import { uuid7 } from "../logic/uuid.js";
import { useBundle } from "./hooks.js";
import { html } from "./html.js";
import { useKept } from "./kept.js";
import { Figures } from "./measures.js";
import { Text } from "./parts.js";
import { Frame, Wait } from "./shell.js";

/** @param {{code: string}} props */
export function BagReturn({ code }) {
  const bundle = useBundle();
  const [said, setSaid, forget] = useKept(`bags ${account()?.username} ${code}`, {
    month: lastMonth(),
    measures: /** @type {Record<string, string>} */ ({}),
    note: "",
  });
  if (!bundle) return html`<${Wait} />`;
  const place = findPlace(bundle, code);
  const measures = checklistsFor(bundle, place?.kind ?? "").flatMap((each) => each.measures);
  const back = `/place/${code}`;
  const flaw = (/** @type {string} */ measure) => {
    const read = readDecimal(said.measures[measure] ?? "0");
    return typeof read === "string" ? read : read.units < 0n ? "out_of_range" : "";
  };
  const isWhole = Object.keys(said.measures).length > 0 && /^\d{4}-\d{2}$/.test(said.month);
  const send = async () => {
    const id = uuid7();
    const data = { establishment: code, source: "declared", ...said };
    const title = `${place?.name ?? code} · ${said.month.split("-").reverse().join("/")}`;
    await enqueue({ id, op: "bag_return.declare", data, title });
    forget();
    go("/queue", { replace: true });
  };
  const bar = html`<button
    class="main"
    disabled=${!isWhole || Object.keys(said.measures).some(flaw)}
    onClick=${send}
  >
    ${t("bags.send")}
  </button>`;
  return html`<${Frame} title=${t("bags.title")} back=${back} bar=${bar}>
    <p class="hint">${place?.name} · ${t("measures.hint")}</p>
    <${Text}
      label=${t("bags.month")}
      type="month"
      value=${said.month}
      save=${(/** @type {string} */ month) => setSaid((known) => ({ ...known, month }))}
    />
    <${Figures}
      measures=${measures}
      values=${said.measures}
      flaw=${flaw}
      save=${(/** @type {import("./measures.js").Change} */ by) =>
        setSaid((known) => ({ ...known, measures: by(known.measures) }))}
    />
    <${Text}
      label=${t("item.note")}
      rows=${2}
      value=${said.note}
      save=${(/** @type {string} */ note) => setSaid((known) => ({ ...known, note }))}
    />
  <//>`;
}

function lastMonth() {
  const [year, month] = dayOf(Date.now()).split("-").map(Number);
  const before = month === 1 ? [year - 1, 12] : [year, month - 1];
  return `${before[0]}-${String(before[1]).padStart(2, "0")}`;
}
