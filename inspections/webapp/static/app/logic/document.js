// The inspection document as it grows: new, changed at a path, as it is sent.

import { stallOf } from "./checklist.js";
import { moment } from "./moments.js";
import { nfc } from "./text.js";
import { uuid7 } from "./uuid.js";

/**
 * @param {Pick<VisitDocument, "establishment" | "checklist" | "kind"> & Partial<VisitDocument>} head
 * @returns {VisitDocument}
 */
export function newDocument(head) {
  return {
    id: uuid7(),
    follows: null,
    supersedes: null,
    reason: "",
    grounds: null,
    started_at: moment(),
    ended_at: null,
    location: null,
    device: null,
    team: [],
    parties: [],
    answers: {},
    stalls: [],
    measures: {},
    samples: [],
    opinion: "",
    requests: "",
    signatures: [],
    refusal: null,
    ...head,
  };
}

/**
 * The answers of the sheet: of the place, or of a stall that is on the document.
 * @param {VisitDocument} document
 * @param {string | null} [stall]
 * @returns {Answers}
 */
export function answersOf(document, stall) {
  if (!stall) return document.answers;
  const sheet = sheetOf(document, stall);
  if (!sheet) return {};
  sheet.answers ??= {};
  return sheet.answers;
}

/**
 * @param {VisitDocument} document
 * @param {string} stall
 */
export function sheetOf(document, stall) {
  return document.stalls.find((sheet) => stallOf(sheet) === stall) ?? null;
}

/**
 * How a change is named to the server, which merges by it.
 * @param {At} at
 */
export function pathOf({ item, stall }) {
  return stall ? `stalls.${stall}.answers.${item}` : `answers.${item}`;
}

/**
 * @param {VisitDocument} document
 * @param {string} path
 * @returns {unknown} undefined where nothing stands there
 */
export function read(document, path) {
  const [member = "", key = "", , item] = path.split(".");
  if (member === "stalls" && key) {
    if (item) return sheetOf(document, key)?.answers?.[item];
    const sheet = sheetOf(document, key);
    return sheet ? withoutAnswers(sheet) : undefined;
  }
  const value = /** @type {any} */ (document)[member];
  return key ? value[key] : value;
}

/**
 * @param {VisitDocument} document is changed
 * @param {string} path
 * @param {unknown} value undefined or null takes away what stands there
 */
export function write(document, path, value) {
  const [member = "", key = "", , item] = path.split(".");
  if (member === "stalls" && key) {
    if (item) put(answersOf(document, key), item, value);
    else writeSheet(document, key, value);
  } else if (key) {
    put(/** @type {any} */ (document)[member], key, value);
  } else {
    /** @type {any} */ (document)[member] = value;
  }
}

/**
 * The body of the submission: finished, texts in one Unicode form.
 * @param {VisitDocument} document
 * @param {{id: string, counter: number}} device
 * @returns {VisitDocument}
 */
export function finished(document, device) {
  const { ended_at, ...rest } = document;
  const ended = { ...rest, ended_at: ended_at ?? moment() };
  return stamped(clean(ended), device);
}

/**
 * The same body with the time of this sending; the server still takes it for the same.
 * @param {VisitDocument} document
 * @param {{id: string, counter: number}} device
 * @returns {VisitDocument}
 */
export function stamped(document, { id, counter }) {
  return { ...document, device: { id, sent_at: moment(), counter } };
}

/**
 * Without members that are undefined, texts composed.
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function clean(value) {
  return JSON.parse(JSON.stringify(value), (_key, part) =>
    typeof part === "string" ? nfc(part) : part,
  );
}

/**
 * Every photo that the document names, each once.
 * @param {VisitDocument} document
 * @returns {string[]}
 */
export function photosOf({ answers, stalls }) {
  const sheets = [answers, ...stalls.map((sheet) => sheet.answers ?? {})];
  const named = sheets.flatMap((sheet) => Object.values(sheet).flatMap((a) => a.photos ?? []));
  return [...new Set(named)];
}

/**
 * @param {VisitDocument} document
 * @param {string} stall
 * @param {unknown} value
 */
function writeSheet(document, stall, value) {
  const index = document.stalls.findIndex((sheet) => stallOf(sheet) === stall);
  if (value === undefined || value === null) {
    if (index >= 0) document.stalls.splice(index, 1);
    return;
  }
  const sheet = /** @type {StallSheet} */ (value);
  if (index < 0) document.stalls.push({ ...sheet, answers: sheet.answers ?? {} });
  else document.stalls[index] = { ...sheet, answers: document.stalls[index].answers ?? {} };
}

/** @param {StallSheet} sheet */
function withoutAnswers({ answers: _, ...rest }) {
  return rest;
}

/**
 * @param {Record<string, unknown>} into
 * @param {string} key
 * @param {unknown} value
 */
function put(into, key, value) {
  if (value === undefined || value === null) delete into[key];
  else into[key] = value;
}
