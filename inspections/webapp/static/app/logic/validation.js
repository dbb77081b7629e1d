// What the server would refuse, as far as a phone can know: same pointers, same codes, same order.
// Rules B1 to B10 of docs/rules/submission.md.

import { merge } from "./carried.js";
import { stallOf } from "./checklist.js";
import { check } from "./completeness.js";
import { photosOf, sheetOf } from "./document.js";
import { dayOf, isDay } from "./moments.js";
import { escape } from "./outcome.js";
import { checkSignatures } from "./signatures.js";
import { compareDecimals, readDecimal, unsupported } from "./text.js";

const MAX_PHOTOS = 200;
const ZERO = { units: 0n, scale: 0 };

/**
 * @typedef {object} Known
 * @property {Checklist} checklist
 * @property {string} username of the sender
 * @property {Establishment | null} place null where the bundle does not hold it
 * @property {import("./text.js").Ranges} letters of the record's typeface
 * @property {FirstVisit | null} first of a follow-up; null where it is not known
 */

/**
 * @param {VisitDocument} document
 * @param {Known} known
 * @returns {FieldError[]} empty: the server has no reason that the phone could know
 */
export function validate(document, known) {
  return [...checkHeads(document, known), ...checkAnswers(document, known), ...checkRest(document, known)];
}

/**
 * What a pointer of an error leads to.
 * @param {string} pointer
 * @param {VisitDocument} document
 * @returns {{member: string, item: string | null, stall: string | null}}
 */
export function where(pointer, document) {
  const [, member = "", ...steps] = pointer.split("/").map(unescape);
  if (member === "answers") return { member, item: steps[0] ?? null, stall: null };
  const sheet = member === "stalls" ? document.stalls[Number(steps[0])] : undefined;
  const item = sheet && steps[1] === "answers" ? (steps[2] ?? null) : null;
  return { member, item, stall: sheet ? stallOf(sheet) : null };
}

/**
 * @param {VisitDocument} document
 * @param {Known} known
 * @returns {FieldError[]}
 */
function checkHeads(document, { checklist, username, place }) {
  const errors = [];
  if (place && !checklist.kinds.includes(place.kind)) {
    errors.push({ pointer: "/checklist", code: "checklist_not_for_this_kind" });
  }
  return [
    ...errors,
    ...checkLinks(document),
    ...checkLocation(document),
    ...checkTeam(document, username),
    ...checkStalls(document, place),
  ];
}

/**
 * @param {VisitDocument} document
 * @param {Known} known
 * @returns {FieldError[]}
 */
function checkAnswers(document, { checklist, first }) {
  const day = dayOf(document.started_at);
  const { answers, stalls, kind, follows } = document;
  const measures = checkMeasures(document, checklist);
  if (kind !== "follow_up" || !follows) {
    return [...check(checklist, day, answers, stalls), ...measures];
  }
  if (!first) {
    // Of what carries over only the server knows whether it is there.
    const isCritical = (/** @type {Item} */ item) => item.severity === "critical";
    return [...check(checklist, day, answers, stalls, isCritical), ...measures];
  }
  const merged = merge(checklist, day, first, document);
  return [...merged.errors, ...check(checklist, day, merged.answers, merged.stalls), ...measures];
}

/**
 * @param {VisitDocument} document
 * @param {Known} known
 * @returns {FieldError[]}
 */
function checkRest(document, { letters }) {
  const { device: _, ...printed } = document;
  const errors = checkPapers(document);
  if (photosOf(document).length > MAX_PHOTOS) {
    errors.push({ pointer: "/answers", code: "out_of_range" });
  }
  return [...errors, ...checkSignatures(document), ...unprintable(printed, "", letters)];
}

/** B4: @param {VisitDocument} document */
function checkLinks({ kind, follows, supersedes, reason }) {
  const errors = [];
  if (kind === "follow_up" && !follows) {
    errors.push({ pointer: "/follows", code: "follows_required" });
  }
  if (kind !== "follow_up" && follows) {
    errors.push({ pointer: "/follows", code: "follows_not_allowed" });
  }
  if (supersedes && supersedes === follows) {
    errors.push({ pointer: "/supersedes", code: "follows_what_it_supersedes" });
  }
  if (supersedes && !reason.trim()) errors.push({ pointer: "/reason", code: "reason_required" });
  return errors;
}

/** B7: @param {VisitDocument} document */
function checkLocation({ location }) {
  if (!location) return [];
  const { latitude, longitude, accuracy_m: accuracy } = location;
  const errors = [];
  if (isBeyond(latitude, 90n)) errors.push({ pointer: "/location/latitude", code: "out_of_range" });
  if (isBeyond(longitude, 180n)) {
    errors.push({ pointer: "/location/longitude", code: "out_of_range" });
  }
  if (accuracy && isNegative(accuracy)) {
    errors.push({ pointer: "/location/accuracy_m", code: "out_of_range" });
  }
  return errors;
}

/**
 * B1
 * @param {VisitDocument} document
 * @param {string} sender
 */
function checkTeam({ team }, sender) {
  /** @type {FieldError[]} */
  const errors = [];
  const seen = new Set();
  for (const [index, { username, name }] of team.entries()) {
    if (!username && !name?.trim()) {
      errors.push({ pointer: `/team/${index}/name`, code: "missing_field" });
    } else if (username && seen.has(username)) {
      errors.push({ pointer: `/team/${index}/username`, code: "duplicate_person" });
    }
    seen.add(username);
  }
  if (team.filter(({ role }) => role === "head").length !== 1) {
    errors.push({ pointer: "/team", code: "head_required" });
  }
  if (!seen.has(sender)) errors.push({ pointer: "/team", code: "sender_not_in_team" });
  return errors;
}

/**
 * B2, B3: a stall that the bundle lacks may have been in the register since, so the server decides.
 * @param {VisitDocument} document
 * @param {Establishment | null} place
 */
function checkStalls(document, place) {
  /** @type {FieldError[]} */
  const errors = [];
  const seen = new Set();
  for (const [index, sheet] of document.stalls.entries()) {
    const stall = stallOf(sheet);
    const named = sheet.new ? "new/id" : "stall";
    if (seen.has(stall)) {
      errors.push({ pointer: `/stalls/${index}/${named}`, code: "duplicate_stall" });
    }
    seen.add(stall);
    if (sheet.new && !sheet.new.number.trim()) {
      errors.push({ pointer: `/stalls/${index}/new/number`, code: "missing_field" });
    }
    if (typeof sheet.absent === "string" && !sheet.absent.trim()) {
      errors.push({ pointer: `/stalls/${index}/absent`, code: "reason_required" });
    }
  }
  const register = place?.stalls ?? [];
  if (document.kind === "recognition" && register.some(({ id }) => !seen.has(id))) {
    errors.push({ pointer: "/stalls", code: "stalls_missing" });
  }
  for (const [index, { stall }] of document.samples.entries()) {
    const isKnown = !stall || sheetOf(document, stall) || register.some(({ id }) => id === stall);
    if (!isKnown) errors.push({ pointer: `/samples/${index}/stall`, code: "unknown_stall" });
  }
  return errors;
}

/**
 * B8
 * @param {VisitDocument} document
 * @param {Checklist} checklist
 */
function checkMeasures({ measures }, checklist) {
  return Object.entries(measures).flatMap(([code, text]) => {
    const asked = checklist.measures.some((each) => each.code === code && each.kind === "input");
    const pointer = `/measures/${escape(code)}`;
    if (!asked) return [{ pointer, code: "unknown_item" }];
    if (typeof readDecimal(text) === "string") return [{ pointer, code: "wrong_type" }];
    return isNegative(text) ? [{ pointer, code: "out_of_range" }] : [];
  });
}

/**
 * B10
 * @param {VisitDocument} document
 * @returns {FieldError[]}
 */
function checkPapers({ answers, stalls }) {
  const sheets = stalls.map((sheet, index) => ({
    pointer: `/stalls/${index}/answers`,
    given: sheet.answers ?? {},
  }));
  return [{ pointer: "/answers", given: answers }, ...sheets].flatMap(({ pointer, given }) =>
    Object.entries(given)
      .filter(([, { value }]) => isReversed(value))
      .map(([code]) => ({
        pointer: `${pointer}/${escape(code)}/value/expires_on`,
        code: "out_of_range",
      })),
  );
}

/** @param {any} value */
function isReversed(value) {
  const { issued_on: issued, expires_on: expires } = value ?? {};
  return isDay(issued) && isDay(expires) && expires < issued;
}

/**
 * Every text that the record's typeface cannot show; keys too.
 * @param {unknown} value
 * @param {string} pointer
 * @param {import("./text.js").Ranges} letters
 * @returns {FieldError[]}
 */
function unprintable(value, pointer, letters) {
  if (typeof value === "string") {
    const unknown = unsupported(value, letters);
    return unknown ? [{ pointer, code: "character_not_supported", letters: unknown }] : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((part, index) => unprintable(part, `${pointer}/${index}`, letters));
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [
    ...unprintable(key, `${pointer}/${escape(key)}`, letters),
    ...unprintable(part, `${pointer}/${escape(key)}`, letters),
  ]);
}

/**
 * @param {string} text
 * @param {bigint} limit
 */
function isBeyond(text, limit) {
  const read = readDecimal(text);
  if (typeof read === "string") return true;
  const size = { ...read, units: read.units < 0n ? -read.units : read.units };
  return compareDecimals(size, { units: limit, scale: 0 }) > 0;
}

/** @param {string} text */
function isNegative(text) {
  const read = readDecimal(text);
  return typeof read === "string" || compareDecimals(read, ZERO) < 0;
}

/** @param {string} token */
function unescape(token) {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}
