// How an answer is given, by the type of its item.

import { language, t } from "../logic/i18n.js";
import { show, spell } from "../logic/text.js";
import { html } from "./html.js";
import { Check, Radios, Text } from "./parts.js";
import { word } from "./words.js";

const NA = "na";

/**
 * @typedef {object} InputProps
 * @property {Item} item
 * @property {Answer} answer
 * @property {(change: Answer | ((known: Answer) => Answer)) => unknown} save
 */

/** @param {InputProps} props */
export function Input(props) {
  const { type } = props.item.answer;
  if (type === "pass_fail") return html`<${PassFail} ...${props} />`;
  if (type === "document") return html`<${Paper} ...${props} />`;
  return html`
    ${!props.answer.not_applicable &&
    (type === "number"
      ? html`<${Figure} ...${props} />`
      : type === "ratio"
        ? html`<${Ratio} ...${props} />`
        : html`<${Choice} ...${props} />`)}
    ${props.item.na_allowed && html`<${NotApplicable} ...${props} />`}
  `;
}

/** @param {InputProps} props */
function PassFail({ item, answer, save }) {
  const options = [
    ["pass", t("verdict.pass")],
    ["fail", t("verdict.fail")],
    ...(item.na_allowed ? [[NA, t("verdict.na")]] : []),
  ];
  const pick = (/** @type {string} */ value) =>
    save(value === NA ? { not_applicable: true } : { value });
  const value = answer.not_applicable ? NA : String(answer.value);
  return html`<${Radios} legend=${legend(item)} quiet options=${options} value=${value} pick=${pick} />`;
}

/** @param {InputProps} props */
function NotApplicable({ item, answer, save }) {
  return html`<${Check}
    label=${t("item.na", { item: item.code })}
    checked=${answer.not_applicable}
    pick=${(/** @type {boolean} */ is) =>
      save(is ? { not_applicable: true } : { not_applicable: undefined })}
  />`;
}

/** @param {InputProps} props */
function Figure({ item, answer, save }) {
  const { unit } = item.answer;
  const value = typeof answer.value === "string" ? answer.value : "";
  const keep = (/** @type {string} */ text) => save({ value: text.trim() ? spell(text) : undefined });
  const turn = () => keep(value.startsWith("-") ? value.slice(1) : `-${value}`);
  return html`<div class="figure">
    <${Text}
      label=${t("item.value", { unit: word("unit", unit) })}
      inputmode="decimal"
      autocomplete="off"
      value=${show(value, language())}
      save=${keep}
    />
    ${unit === "celsius" &&
    html`<button type="button" aria-label=${t("item.minus")} onClick=${turn}>±</button>`}
  </div>`;
}

/** @param {InputProps} props */
function Ratio({ item, answer, save }) {
  const value = /** @type {Record<string, number>} */ (answer.value ?? {});
  const keep = (/** @type {string} */ key) => (/** @type {string} */ text) =>
    save((known) => {
      const { [key]: _, ...rest } = /** @type {Record<string, number>} */ (known.value ?? {});
      const said = /^\d{1,9}$/.test(text.trim()) ? { ...rest, [key]: Number(text) } : rest;
      return { value: Object.keys(said).length ? said : undefined };
    });
  const of = word("of", item.answer.numerator_of);
  const attributes = { inputmode: "numeric", autocomplete: "off" };
  return html`<div class="pair">
    <${Text}
      label=${t("ratio.numerator")}
      value=${value.numerator === undefined ? "" : String(value.numerator)}
      save=${keep("numerator")}
      ...${attributes}
    />
    <${Text}
      label=${t("ratio.denominator", { of })}
      value=${value.denominator === undefined ? "" : String(value.denominator)}
      save=${keep("denominator")}
      ...${attributes}
    />
  </div>`;
}

/** @param {InputProps} props */
function Choice({ item, answer, save }) {
  const options = (item.answer.options ?? []).map((each) => [each, word("option", each)]);
  return html`<${Radios}
    legend=${legend(item)}
    quiet
    column
    options=${options}
    value=${answer.value}
    pick=${(/** @type {string} */ value) => save({ value })}
  />`;
}

/** @param {InputProps} props */
function Paper({ item, answer, save }) {
  const paper = /** @type {Record<string, string> | null | undefined} */ (answer.value);
  const state = answer.not_applicable ? NA : paper ? "pass" : paper === null ? "fail" : "";
  const options = [
    ["pass", t("paper.shown")],
    ["fail", t("paper.none")],
    ...(item.na_allowed ? [[NA, t("verdict.na")]] : []),
  ];
  const pick = (/** @type {string} */ to) =>
    save(to === NA ? { not_applicable: true } : { value: to === "pass" ? (paper ?? {}) : null });
  const keep = (/** @type {string} */ key) => (/** @type {string} */ text) =>
    save(({ value }) => {
      const { [key]: _, ...rest } = /** @type {Record<string, string>} */ (value ?? {});
      return { value: text ? { ...rest, [key]: text } : rest };
    });
  const { expires } = item.answer;
  return html`
    <${Radios} legend=${legend(item)} quiet options=${options} value=${state} pick=${pick} />
    ${paper &&
    html`<div class="group">
      <${Text} label=${t("paper.number")} value=${paper.number} save=${keep("number")} />
      <${Text} label=${t("paper.issuer")} value=${paper.issuer} save=${keep("issuer")} />
      <div class="pair">
        <${Text}
          label=${t("paper.issued")}
          type="date"
          value=${paper.issued_on}
          save=${keep("issued_on")}
        />
        <${Text}
          label=${t(expires ? "paper.expires" : "paper.mayexpire")}
          type="date"
          value=${paper.expires_on}
          save=${keep("expires_on")}
        />
      </div>
    </div>`}
  `;
}

/** @param {Item} item */
function legend({ code }) {
  return t("item.legend", { item: code });
}
