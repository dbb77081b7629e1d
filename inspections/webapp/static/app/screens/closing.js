// Who was there, what was tried, what each side says: the end of a visit.

import { set } from "../logic/drafts.js";
import { t } from "../logic/i18n.js";
import { to } from "./addresses.js";
import { useVisit } from "./hooks.js";
import { html } from "./html.js";
import { Text } from "./parts.js";
import { Grounds, Team } from "./people.js";
import { Frame, Wait } from "./shell.js";
import { Editable, Gone } from "./visit.js";
import { flaw, stallName } from "./words.js";

/** @param {{id: string}} props */
export function Closing({ id }) {
  const visit = useVisit(id);
  if (visit === undefined) return html`<${Wait} />`;
  if (!visit) return html`<${Gone} id=${id} />`;
  const { document, errors } = visit;
  const wrong = (/** @type {string} */ pointer) => {
    const error = errors.find((each) => each.pointer === pointer);
    return error && flaw(error);
  };
  const isOwn = document.kind === "self_check";
  const representative = document.parties.find(isRepresentative);
  const present = (/** @type {{name?: string, title?: string}} */ part) =>
    set(id, ({ parties }) => {
      const known = parties.find(isRepresentative);
      const others = parties.filter((party) => party !== known);
      const said = { name: "", title: "", ...known, ...part, role: "representative" };
      return { parties: said.name || said.title ? [said, ...others] : others };
    });
  const bar = html`<a class="button main" href=${`#${to(id, "review")}`}>${t("closing.end")}</a>`;
  return html`<${Frame} title=${t("closing.title")} back=${to(id)} bar=${bar}>
    <${Editable} visit=${visit}>
    ${document.supersedes &&
    html`<${Text}
      label=${t("replace.reason")}
      rows=${2}
      value=${document.reason}
      wrong=${wrong("/reason")}
      save=${(/** @type {string} */ reason) => set(id, { reason })}
    />`}
    ${!isOwn &&
    html`<h2>${t("closing.representative")}</h2>
      <${Text}
        label=${t("team.name")}
        value=${representative?.name}
        wrong=${wrong("/parties/0/name")}
        save=${(/** @type {string} */ name) => present({ name })}
      />
      <${Text}
        label=${t("team.title")}
        value=${representative?.title}
        save=${(/** @type {string} */ title) => present({ title })}
      />`}
    <h2>${t("closing.words")}</h2>
    <${Text}
      label=${t("closing.opinion")}
      rows=${3}
      value=${document.opinion}
      wrong=${wrong("/opinion")}
      save=${(/** @type {string} */ opinion) => set(id, { opinion })}
    />
    ${!isOwn &&
    html`<${Text}
      label=${t("closing.requests")}
      rows=${3}
      value=${document.requests}
      wrong=${wrong("/requests")}
      save=${(/** @type {string} */ requests) => set(id, { requests })}
    />`}
    <h2>${t("samples.title")}</h2>
    <${Samples} visit=${visit} />
    ${!isOwn &&
    html`<h2>${t("start.team")}</h2>
      <${Team}
        team=${document.team}
        save=${(/** @type {(team: VisitDocument["team"]) => VisitDocument["team"]} */ by) =>
          set(id, (kept) => ({ team: by(kept.team) }))}
      />
      <h2>${t("start.grounds")}</h2>
      <${Grounds}
        grounds=${document.grounds}
        save=${(/** @type {import("./people.js").GroundsChange} */ by) =>
          set(id, (kept) => ({ grounds: by(kept.grounds) }))}
      />`}
    <//>
  <//>`;
}

/** @param {{role: string}} party */
function isRepresentative({ role }) {
  return role === "representative";
}

/** @param {{visit: Visit}} props */
function Samples({ visit }) {
  const { samples, id, stalls } = visit.document;
  const save = (/** @type {(known: typeof samples) => typeof samples} */ by) =>
    set(id, (kept) => ({ samples: by(kept.samples) }));
  const change = (/** @type {number} */ index, /** @type {Partial<typeof samples[0]>} */ part) =>
    save((known) => known.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return html`
    ${samples.map(
      (sample, index) => html`<div class="group" key=${index}>
        <${Text}
          label=${t("samples.kind")}
          value=${sample.kind}
          save=${(/** @type {string} */ kind) => change(index, { kind })}
        />
        <${Text}
          label=${t("samples.result")}
          value=${sample.result}
          save=${(/** @type {string} */ result) => change(index, { result })}
        />
        ${stalls.length > 0 &&
        html`<div class="field">
          <label for=${`sample-${index}`}>${t("samples.stall")}</label>
          <select
            id=${`sample-${index}`}
            onChange=${(/** @type {any} */ e) =>
              change(index, { stall: e.currentTarget.value || undefined })}
          >
            <option value="">${t("samples.nostall")}</option>
            ${stalls.map((sheet) => {
              const stall = sheet.stall ?? sheet.new?.id;
              return html`<option value=${stall} selected=${stall === sample.stall}>
                ${stallName(visit, sheet)}
              </option>`;
            })}
          </select>
        </div>`}
        <button type="button" onClick=${() => save((known) => known.filter((_, at) => at !== index))}>
          ${t("samples.remove", { number: index + 1 })}
        </button>
      </div>`,
    )}
    <button type="button" onClick=${() => save((known) => [...known, { kind: "", result: "" }])}>
      ${t("samples.add")}
    </button>
  `;
}
