// Who was there, and on what ground.

import { t } from "../logic/i18n.js";
import { account } from "../logic/session.js";
import { html } from "./html.js";
import { Text } from "./parts.js";

/** @typedef {VisitDocument["team"]} TeamList */
/** @typedef {NonNullable<VisitDocument["grounds"]>} GroundsDocument */

/** @param {{team: TeamList, save: (by: (team: TeamList) => TeamList) => unknown}} props */
export function Team({ team, save }) {
  const me = account();
  const change = (/** @type {number} */ index, /** @type {Partial<TeamList[0]>} */ part) =>
    save((known) => known.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return html`
    ${team.map((one, index) => {
      const is = t(one.role === "head" ? "team.head" : "team.member");
      if (one.username) {
        const name = one.username === me?.username ? me.full_name : one.username;
        return html`<p class="person"><b>${name}</b> · ${is}</p>`;
      }
      return html`<div class="group" key=${index}>
        <${Text}
          label=${t("team.name")}
          value=${one.name}
          save=${(/** @type {string} */ name) => change(index, { name })}
        />
        <${Text}
          label=${t("team.title")}
          value=${one.title}
          save=${(/** @type {string} */ title) => change(index, { title })}
        />
        <button type="button" onClick=${() => save((known) => known.filter((_, at) => at !== index))}>
          ${t("team.remove", { name: one.name || is })}
        </button>
      </div>`;
    })}
    <button type="button" onClick=${() => save((known) => [...known, { role: "member", name: "", title: "" }])}>
      ${t("team.add")}
    </button>
  `;
}

/** @typedef {(grounds: GroundsDocument | null) => GroundsDocument | null} GroundsChange */

/** @param {{grounds: GroundsDocument | null, save: (by: GroundsChange) => unknown}} props */
export function Grounds({ grounds, save }) {
  const empty = { number: "", date: "", issuer: "" };
  const known = grounds ?? empty;
  const change = (/** @type {Partial<GroundsDocument>} */ part) =>
    save((kept) => {
      const said = { ...(kept ?? empty), ...part };
      return Object.values(said).some(Boolean) ? said : null;
    });
  return html`
    <${Text}
      label=${t("grounds.number")}
      hint=${t("grounds.hint")}
      value=${known.number}
      save=${(/** @type {string} */ number) => change({ number })}
    />
    <${Text}
      label=${t("grounds.date")}
      type="date"
      value=${known.date}
      save=${(/** @type {string} */ date) => change({ date })}
    />
    <${Text}
      label=${t("grounds.issuer")}
      value=${known.issuer}
      save=${(/** @type {string} */ issuer) => change({ issuer })}
    />
  `;
}
