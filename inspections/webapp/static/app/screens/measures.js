// The figures of a month that a supermarket's visit takes down.

import { language, pick, t } from "../logic/i18n.js";
import { set } from "../logic/drafts.js";
import { show, spell } from "../logic/text.js";
import { to } from "./addresses.js";
import { useVisit } from "./hooks.js";
import { html } from "./html.js";
import { Text } from "./parts.js";
import { Frame, Wait } from "./shell.js";
import { Editable, Gone } from "./visit.js";
import { problem, word } from "./words.js";

/** @param {{id: string}} props */
export function Measures({ id }) {
  const visit = useVisit(id);
  if (visit === undefined) return html`<${Wait} />`;
  if (!visit) return html`<${Gone} id=${id} />`;
  const { document, checklist, errors } = visit;
  const wrong = Object.fromEntries(errors.map(({ pointer, code }) => [pointer, code]));
  const bar = html`<a class="button main" href=${`#${to(id)}`}>${t("measures.end")}</a>`;
  return html`<${Frame} title=${t("measures.title")} back=${to(id)} bar=${bar}>
    <p class="hint">${t("measures.hint")}</p>
    <${Editable} visit=${visit}>
      <${Figures}
        measures=${checklist.measures}
        values=${document.measures}
        flaw=${(/** @type {string} */ code) => wrong[`/measures/${code}`]}
        save=${(/** @type {Change} */ by) => set(id, ({ measures }) => ({ measures: by(measures) }))}
      />
    <//>
  <//>`;
}

/** @typedef {(values: Record<string, string>) => Record<string, string>} Change */

/**
 * @param {{measures: Measure[], values: Record<string, string>,
 *   save: (change: Change) => unknown, flaw?: (code: string) => string}} props
 */
export function Figures({ measures, values, save, flaw }) {
  const keep = (/** @type {string} */ code) => (/** @type {string} */ text) =>
    save(({ [code]: _, ...rest }) => (text.trim() ? { ...rest, [code]: spell(text) } : rest));
  return measures
    .filter(({ kind }) => kind === "input")
    .map((measure) => {
      const code = flaw?.(measure.code);
      return html`<${Text}
        key=${measure.code}
        label=${`${pick(measure)} (${word("unit", measure.unit)})`}
        inputmode="decimal"
        autocomplete="off"
        value=${show(values[measure.code] ?? "", language())}
        wrong=${code && problem(code)}
        save=${keep(measure.code)}
      />`;
    });
}
