// A manager says what was done about a finding; it goes through the same queue as visits.

import { t, pick } from "../logic/i18n.js";
import { dayOf } from "../logic/moments.js";
import { enqueue, list } from "../logic/outbox.js";
import { keep } from "../logic/photos.js";
import { go } from "../logic/router.js";
import { account } from "../logic/session.js";
import { uuid7 } from "../logic/uuid.js";
import { itemOf } from "./findings.js";
import { useBundle, useLive } from "./hooks.js";
import { html } from "./html.js";
import { useKept } from "./kept.js";
import { Notice, Text } from "./parts.js";
import { PhotoRow } from "./photos.js";
import { Frame, Wait } from "./shell.js";
import { day, word } from "./words.js";

/** @param {{id: string}} props */
export function Finding({ id }) {
  const bundle = useBundle();
  const queue = useLive(["outbox"], () => list()) ?? [];
  const today = dayOf(Date.now());
  const [said, setSaid, forget] = useKept(`finding ${account()?.username} ${id}`, {
    text: "",
    done_on: today,
    photos: /** @type {string[]} */ ([]),
  });
  if (!bundle) return html`<${Wait} />`;
  const place = bundle.establishments.find(({ findings }) => findings?.some((f) => f.id === id));
  const finding = place?.findings?.find((each) => each.id === id);
  if (!place || !finding) {
    return html`<${Frame} title=${t("finding.title")} back="/"><p>${t("finding.gone")}</p><//>`;
  }
  const item = itemOf(bundle, finding.item);
  const stall = place.stalls?.find((each) => each.id === finding.stall);
  const waits = queue.some(({ op, data }) => op === "finding.respond" && data.finding === id);
  const back = `/place/${place.code}`;
  const respond = async () => {
    const data = { finding: id, ...said };
    await enqueue({
      id: uuid7(),
      op: "finding.respond",
      data,
      title: `${place.name} · ${finding.item}`,
      photos: said.photos,
    });
    forget();
    go("/queue", { replace: true });
  };
  const add = async (/** @type {File} */ file) => {
    const { sha256 } = await keep(file);
    setSaid((known) => ({ ...known, photos: [...new Set([...known.photos, sha256])] }));
  };
  const bar = html`<button class="main" disabled=${!said.text.trim()} onClick=${respond}>
    ${t("finding.send")}
  </button>`;
  return html`<${Frame} title=${t("finding.title")} back=${back} bar=${bar}>
    <p><b>${finding.item} · ${item ? pick(item.text) : ""}</b></p>
    <p>
      ${word("severity", finding.severity)} · ${t("home.due", { day: day(finding.due_on) })}
      ${stall && ` · ${t("stall.of", { number: stall.number })}`}
    </p>
    ${waits && html`<${Notice} kind="good">${t("finding.waits")}<//>`}
    ${finding.state === "answered" && html`<${Notice}>${t("findings.answered")}<//>`}
    <${Text}
      label=${t("finding.text")}
      rows=${4}
      value=${said.text}
      save=${(/** @type {string} */ text) => setSaid((known) => ({ ...known, text }))}
    />
    <${Text}
      label=${t("finding.done")}
      type="date"
      max=${today}
      value=${said.done_on}
      save=${(/** @type {string} */ done_on) => setSaid((known) => ({ ...known, done_on }))}
    />
    <${PhotoRow}
      name=${finding.item}
      photos=${said.photos}
      add=${add}
      remove=${(/** @type {string} */ gone) =>
        setSaid((known) => ({ ...known, photos: known.photos.filter((each) => each !== gone) }))}
    />
  <//>`;
}
