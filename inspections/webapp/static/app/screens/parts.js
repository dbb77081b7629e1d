// Small pieces that many screens are made of.

import { t } from "../logic/i18n.js";
import { useEffect, useId, useRef, useState } from "../vendor/preact-hooks.js";
import { html } from "./html.js";

const SAVE_MS = 300;

/** @param {{verdict: Verdict | Outcome | null | undefined}} props */
export function Badge({ verdict }) {
  const text = verdict ? t(`verdict.${verdict}`) : t("verdict.none");
  return html`<b class=${`badge ${verdict ?? ""}`}>${text}</b>`;
}

/**
 * A line of text that is kept while it is typed.
 * @param {{label: string, value?: string | null, save: (text: string) => unknown, rows?: number,
 *   hint?: unknown, wrong?: string, type?: string, [attribute: string]: unknown}} props
 */
export function Text({ label, value, save, rows, hint, wrong, type = "text", ...attributes }) {
  const id = useId();
  const [text, setText] = useState(value ?? "");
  const unsaved = useRef(/** @type {string | null} */ (null));
  const timer = useRef(0);
  const keep = useRef(save);
  keep.current = save;
  const flush = () => {
    clearTimeout(timer.current);
    if (unsaved.current !== null) keep.current(unsaved.current);
    unsaved.current = null;
  };
  useEffect(() => {
    if (unsaved.current === null) setText(value ?? "");
  }, [value]);
  useEffect(() => flush, []);
  const typed = (/** @type {{currentTarget: HTMLInputElement}} */ { currentTarget }) => {
    setText(currentTarget.value);
    unsaved.current = currentTarget.value;
    clearTimeout(timer.current);
    timer.current = setTimeout(flush, SAVE_MS);
  };
  const told = { id, value: text, onInput: typed, onBlur: flush, ...attributes };
  const about = [hint && `${id}h`, wrong && `${id}w`].filter(Boolean).join(" ") || null;
  const flags = { "aria-describedby": about, "aria-invalid": wrong ? "true" : null };
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${rows
      ? html`<textarea rows=${rows} ...${told} ...${flags}></textarea>`
      : html`<input type=${type} ...${told} ...${flags} />`}
    ${hint && html`<p class="hint" id=${`${id}h`}>${hint}</p>`}
    ${wrong && html`<p class="wrong" id=${`${id}w`}>${wrong}</p>`}
  </div>`;
}

/**
 * One of a few, as large boxes.
 * @param {{legend: string, options: [value: string, label: string][], value?: string | null,
 *   pick: (value: string) => unknown, quiet?: boolean, column?: boolean}} props
 */
export function Radios({ legend, options, value, pick, quiet, column }) {
  const name = useId();
  const [shown, choose] = usePicked(value ?? "", pick);
  return html`<fieldset class=${`radios ${column ? "column" : ""}`}>
    <legend class=${quiet ? "unseen" : ""}>${legend}</legend>
    ${options.map(
      ([key, label]) => html`<label class=${key}>
        <input type="radio" name=${name} checked=${shown === key} onChange=${() => choose(key)} />
        <span>${label}</span>
      </label>`,
    )}
  </fieldset>`;
}

/**
 * What was picked is shown at once, before it is kept and comes back as `value`.
 * @template T
 * @param {T} value
 * @param {(value: T) => unknown} pick
 * @returns {[T, (value: T) => void]}
 */
function usePicked(value, pick) {
  const [shown, setShown] = useState(value);
  useEffect(() => setShown(() => value), [value]);
  const choose = (/** @type {T} */ to) => {
    setShown(() => to);
    void pick(to);
  };
  return [shown, choose];
}

/** @param {{label: string, checked?: boolean, pick: (checked: boolean) => unknown}} props */
export function Check({ label, checked, pick }) {
  const [isShown, choose] = usePicked(Boolean(checked), pick);
  return html`<label class="check">
    <input
      type="checkbox"
      checked=${isShown}
      onChange=${(/** @type {any} */ event) => choose(event.currentTarget.checked)}
    />
    ${label}
  </label>`;
}

/** @param {{kind?: "warn" | "bad" | "good", children?: unknown}} props */
export function Notice({ kind, children }) {
  return html`<div class=${`notice ${kind ?? ""}`} role="status">${children}</div>`;
}

/**
 * What cannot be undone asks once more, by name.
 * @param {{label: string, sure: string, act: () => unknown}} props
 */
export function Sure({ label, sure, act }) {
  return html`<details class="sure">
    <summary>${label}</summary>
    <button type="button" class="danger" onClick=${act}>${sure}</button>
  </details>`;
}

/** @param {{to: string, children?: unknown, class?: string}} props */
export function Row({ to, children, class: kind = "" }) {
  return html`<li><a class=${`row ${kind}`} href=${`#${to}`}>${children}</a></li>`;
}

/** @param {{done: number, of: number, label: string}} props */
export function Meter({ done, of, label }) {
  return html`<progress aria-label=${label} max=${of || 1} value=${done}></progress>`;
}
