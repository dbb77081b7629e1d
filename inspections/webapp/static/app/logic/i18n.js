// Texts of the app in two languages, Vietnamese first. What the server sends in both languages is
// shown in the chosen one too.

import { en } from "../texts/en.js";
import { vi } from "../texts/vi.js";

/** @typedef {"vi" | "en"} Language */
/** @typedef {keyof typeof vi} Key */
/** @typedef {{vi: string, en: string}} Bilingual */

const KEY = "language";
/** @type {Record<Language, Record<Key, string>>} */
const catalogues = { vi, en };

/** @type {Language} */
let chosen = remembered();

/** @returns {Language} */
export function language() {
  return chosen;
}

/** @param {Language} language */
export function setLanguage(language) {
  chosen = language;
  localStorage.setItem(KEY, language);
}

/**
 * `{name}` in the text is replaced by the value of that name.
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  return catalogues[chosen][key].replace(/\{(\w+)\}/g, (found, name) =>
    name in values ? String(values[name]) : found,
  );
}

/**
 * Whether there is such a text: for codes that come from the server.
 * @param {string} key
 * @returns {key is Key}
 */
export function has(key) {
  return key in vi;
}

/** @param {Bilingual} text */
export function pick(text) {
  return text[chosen] || text.vi;
}

/** @returns {Language} */
function remembered() {
  return localStorage.getItem(KEY) === "en" ? "en" : "vi";
}
