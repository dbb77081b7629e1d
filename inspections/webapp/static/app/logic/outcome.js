// What one answer comes to. Rules O1 to O7 of docs/rules/outcome.md.

import { isDay } from "./moments.js";
import { compareDecimals, readDecimal } from "./text.js";

const MAX_TEXT = 500;
const RATIO_KEYS = ["numerator", "denominator"];
const DOCUMENT_TEXTS = ["number", "issuer"];
const DOCUMENT_KEYS = [...DOCUMENT_TEXTS, "issued_on", "expires_on"];

/**
 * The outcome of a value on the local day, or what is wrong with it.
 * @param {AnswerSpec} spec
 * @param {unknown} value
 * @param {string} day
 * @returns {Outcome | Flaw[]}
 */
export function judge(spec, value, day) {
  if (spec.type === "pass_fail") {
    return value === "pass" || value === "fail" ? value : [flaw("", "wrong_type")];
  }
  if (spec.type === "number") return judgeNumber(spec, value);
  if (spec.type === "ratio") return judgeRatio(spec, value);
  if (spec.type === "document") return judgeDocument(spec, value, day);
  return judgeChoice(spec, value);
}

/**
 * @param {AnswerSpec} spec
 * @param {unknown} value
 */
function judgeNumber(spec, value) {
  const number = readDecimal(value);
  if (typeof number === "string") return [flaw("", number)];
  if (spec.minimum !== undefined && compareDecimals(number, decimal(spec.minimum)) < 0) {
    return [flaw("", "out_of_range")];
  }
  return met(compareDecimals(number, decimal(spec.threshold)), spec.op) ? "pass" : "fail";
}

/**
 * A denominator of 0 is na, even where na is not allowed: there is nothing to share.
 * @param {AnswerSpec} spec
 * @param {unknown} value
 */
function judgeRatio(spec, value) {
  if (!isObject(value)) return [flaw("", "wrong_type")];
  const flaws = RATIO_KEYS.flatMap((key) => {
    const given = value[key];
    if (given === undefined) return [flaw(`/${key}`, "missing_field")];
    if (!Number.isInteger(given)) return [flaw(`/${key}`, "wrong_type")];
    return Number(given) < 0 ? [flaw(`/${key}`, "out_of_range")] : [];
  });
  flaws.push(...unknownKeys(value, RATIO_KEYS));
  const [numerator, denominator] = RATIO_KEYS.map((key) => Number(value[key]));
  if (!flaws.length && numerator > denominator) flaws.push(flaw("/numerator", "out_of_range"));
  if (flaws.length) return flaws;
  if (denominator === 0) return "na";
  const { units, scale } = decimal(spec.threshold);
  const share = { units: 100n * BigInt(numerator) * 10n ** BigInt(scale), scale: 0 };
  const wanted = { units: units * BigInt(denominator), scale: 0 };
  return met(compareDecimals(share, wanted), spec.op) ? "pass" : "fail";
}

/**
 * Null says that none was shown, and fails. The day of expiry is a valid one.
 * @param {AnswerSpec} spec
 * @param {unknown} value
 * @param {string} day
 */
function judgeDocument(spec, value, day) {
  if (value === null) return "fail";
  if (!isObject(value)) return [flaw("", "wrong_type")];
  const flaws = DOCUMENT_TEXTS.flatMap((key) => textFlaws(key, value[key]));
  for (const key of ["issued_on", "expires_on"]) {
    const given = value[key] ?? null;
    if (given === null) {
      if (key === "issued_on" || spec.expires) flaws.push(flaw(`/${key}`, "missing_field"));
    } else if (!isDay(given)) {
      flaws.push(flaw(`/${key}`, "wrong_type"));
    }
  }
  flaws.push(...unknownKeys(value, DOCUMENT_KEYS));
  if (flaws.length) return flaws;
  const expires = value.expires_on ?? null;
  return expires === null || String(expires) >= day ? "pass" : "fail";
}

/**
 * @param {string} key
 * @param {unknown} text
 */
function textFlaws(key, text) {
  if (text === undefined || text === null) return [flaw(`/${key}`, "missing_field")];
  if (typeof text !== "string") return [flaw(`/${key}`, "wrong_type")];
  if (!text.trim()) return [flaw(`/${key}`, "missing_field")];
  return [...text].length > MAX_TEXT ? [flaw(`/${key}`, "out_of_range")] : [];
}

/**
 * @param {AnswerSpec} spec
 * @param {unknown} value
 */
function judgeChoice(spec, value) {
  if (typeof value !== "string") return [flaw("", "wrong_type")];
  if (!spec.options?.includes(value)) return [flaw("", "out_of_range")];
  return spec.pass_options?.includes(value) ? "pass" : "fail";
}

/**
 * @param {number} difference as a comparison gives it
 * @param {AnswerSpec["op"]} op
 */
function met(difference, op) {
  if (op === ">=") return difference >= 0;
  if (op === "<=") return difference <= 0;
  if (op === ">") return difference > 0;
  if (op === "<") return difference < 0;
  return difference === 0;
}

/** @param {string} [text] of the checklist, which the server has read already */
function decimal(text = "0") {
  const read = readDecimal(text);
  if (typeof read === "string") throw new Error(`no decimal: ${text}`);
  return read;
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {Record<string, unknown>} value
 * @param {string[]} known
 */
function unknownKeys(value, known) {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  return unknown.map((key) => flaw(`/${escape(key)}`, "wrong_type"));
}

/**
 * One step of a JSON pointer. Source: RFC 6901, section 3.
 * @param {string} token
 */
export function escape(token) {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * @param {string} path
 * @param {string} code
 * @returns {Flaw}
 */
function flaw(path, code) {
  return { path, code };
}
