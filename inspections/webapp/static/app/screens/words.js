// How values are put for people.

import { carriesOver, merge } from "../logic/carried.js";
import { has, language, pick, t } from "../logic/i18n.js";
import { moment as local } from "../logic/moments.js";
import { evaluate } from "../logic/score.js";
import { show } from "../logic/text.js";

const SIGNS = { ">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "=" };

/** @param {string | null | undefined} text an ISO day */
export function day(text) {
  return (text ?? "").slice(0, 10).split("-").reverse().join("/");
}

/**
 * The hour, and the day where it is not today.
 * @param {string | null | undefined} moment
 */
export function time(moment) {
  if (!moment) return "–";
  const at = local(Date.parse(moment));
  const on = at.slice(0, 10) === local().slice(0, 10) ? "" : ` ${at.slice(8, 10)}/${at.slice(5, 7)}`;
  return at.slice(11, 16) + on;
}

/**
 * A word of a list that data names; the code itself where no text is known.
 * @param {string} list
 * @param {string | null | undefined} code
 */
export function word(list, code) {
  const key = `${list}.${code}`;
  return has(key) ? t(key) : (code ?? "");
}

/** @param {string} code of the phone */
export function problem(code) {
  return word("problem", code);
}

/**
 * The server says in words what is wrong, the phone's own check by a code.
 * @param {FieldError} error
 */
export function flaw({ code, detail, letters = "" }) {
  return detail || `${problem(code)} ${letters}`;
}

/** @param {string | null | undefined} score */
export function points(score) {
  return score ? show(score, language()) : "–";
}

/**
 * What a number or a ratio has to come to.
 * @param {AnswerSpec} spec
 */
export function wanted({ op, threshold, unit }) {
  if (!op) return "";
  return `${SIGNS[op]} ${show(String(threshold), language())} ${word("unit", unit)}`;
}

/**
 * @param {Checklist} checklist
 * @param {string} commodity
 */
export function sold(checklist, commodity) {
  return language() === "vi"
    ? (checklist.commodities[commodity] ?? commodity)
    : word("commodity", commodity);
}

/**
 * @param {Pick<SeenVisit, "place">} visit
 * @param {StallSheet} sheet
 */
export function stallName({ place }, sheet) {
  const known = sheet.new ?? place?.stalls?.find(({ id }) => id === sheet.stall);
  return known ? [known.number, known.trader].filter(Boolean).join(" · ") : (sheet.stall ?? "");
}

/**
 * @param {Checklist} checklist
 * @param {string} severity
 */
export function graveness(checklist, severity) {
  const known = checklist.severities[severity];
  return known ? pick(known) : severity;
}

/**
 * Whether the answer of the first visit stands, so that a follow-up needs none of its own.
 * @param {Visit} visit
 * @param {Item} item
 * @param {string | null} stall
 */
export function isCarried({ draft: { first }, day }, item, stall) {
  return first !== null && carriesOver(item, stall, first, day);
}

/**
 * The result of a visit as far as it is answered, with what carries over from the first.
 * @param {Checklist} checklist
 * @param {string} on
 * @param {VisitDocument} document
 * @param {FirstVisit | null} first
 */
export function scored(checklist, on, document, first) {
  const { answers, stalls } = first ? merge(checklist, on, first, document) : document;
  return evaluate(checklist, on, answers, stalls);
}
