// Texts of the app in two languages, Vietnamese first. What the server sends in both languages is
// shown in the chosen one too.

import { app } from "../texts/app.js";
import { visit } from "../texts/visit.js";
import { words } from "../texts/words.js";

/** @typedef {"vi" | "en"} Language */
/** @typedef {keyof typeof texts} Key */
/** @typedef {{vi: string, en: string}} Bilingual */

const KEY = "language";
const texts = { ...app, ...visit, ...words };

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
  const [vi = "", en = ""] = texts[key];
  return (chosen === "vi" ? vi : en).replace(/\{(\w+)\}/g, (found, name) =>
    name in values ? String(values[name]) : found,
  );
}

/**
 * Whether there is such a text: for codes that come from the server.
 * @param {string} key
 * @returns {key is Key}
 */
export function has(key) {
  return key in texts;
}

/** @param {Bilingual} text */
export function pick(text) {
  return text[chosen] || text.vi;
}

/** @returns {Language} */
function remembered() {
  return localStorage.getItem(KEY) === "en" ? "en" : "vi";
}
