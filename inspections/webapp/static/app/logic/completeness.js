// Whether the answers are those that the checklist asks for. Rules C1 to C8 of
// docs/rules/completeness.md, in the same order and with the same codes.

import { asOf, commodityOf, establishmentItems, stallItems } from "./checklist.js";
import { escape, judge } from "./outcome.js";

/**
 * @param {Checklist} checklist
 * @param {string} day
 * @param {Answers} answers
 * @param {StallSheet[]} stalls
 * @param {(item: Item) => boolean} [isAsked] false for what carries over unseen
 * @returns {FieldError[]} empty: complete
 */
export function check(checklist, day, answers, stalls, isAsked = () => true) {
  const dated = asOf(checklist, day);
  const errors = checkSheet(establishmentItems(dated), answers, day, "/answers", isAsked);
  for (const [index, sheet] of stalls.entries()) {
    const at = `/stalls/${index}`;
    const given = sheet.answers ?? {};
    const commodity = commodityOf(sheet);
    if (sheet.absent) {
      errors.push(...checkSheet([], given, day, `${at}/answers`, isAsked));
    } else if (commodity in dated.commodities) {
      const items = stallItems(dated, commodity);
      errors.push(...checkSheet(items, given, day, `${at}/answers`, isAsked));
    } else {
      const inside = sheet.commodity || !sheet.new ? "" : "/new";
      const code = commodity ? "out_of_range" : "missing_field";
      errors.push({ pointer: `${at}${inside}/commodity`, code });
    }
  }
  return errors;
}

/**
 * @param {Item[]} items
 * @param {Answers} answers
 * @param {string} day
 * @param {string} at
 * @param {(item: Item) => boolean} isAsked
 * @returns {FieldError[]}
 */
function checkSheet(items, answers, day, at, isAsked) {
  const errors = items.flatMap((item) => {
    const pointer = `${at}/${escape(item.code)}`;
    const answer = answers[item.code];
    if (answer) return checkAnswer(item, answer, day, pointer);
    return isAsked(item) ? [{ pointer, code: "missing_answer" }] : [];
  });
  const known = new Set(items.map(({ code }) => code));
  const strange = Object.keys(answers).filter((code) => !known.has(code));
  return [
    ...errors,
    ...strange.map((code) => ({ pointer: `${at}/${escape(code)}`, code: "unknown_item" })),
  ];
}

/**
 * @param {Item} item
 * @param {Answer} answer
 * @param {string} day
 * @param {string} pointer
 * @returns {FieldError[]}
 */
function checkAnswer(item, answer, day, pointer) {
  const isNoted = Boolean(answer.note?.trim());
  if (answer.not_applicable) return checkNotApplicable(item, answer, isNoted, pointer);
  if (answer.value === undefined) return [{ pointer, code: "missing_answer" }];
  const { type } = item.answer;
  const judgement = judge(item.answer, answer.value, day);
  /** @type {FieldError[]} */
  const errors = [];
  if (Array.isArray(judgement)) {
    for (const { path, code } of judgement) errors.push({ pointer: `${pointer}/value${path}`, code });
  }
  const explains = judgement === "fail" && (type === "pass_fail" || answer.value === null);
  if (explains && !isNoted) errors.push({ pointer: `${pointer}/note`, code: "note_required" });
  const wanted = item.photo === "always" || (item.photo === "on_fail" && judgement === "fail");
  const unseen = judgement === "na" || (type === "document" && answer.value === null);
  if (wanted && !unseen && !answer.photos?.length) {
    errors.push({ pointer: `${pointer}/photos`, code: "photo_required" });
  }
  return errors;
}

/**
 * @param {Item} item
 * @param {Answer} answer
 * @param {boolean} isNoted
 * @param {string} pointer
 * @returns {FieldError[]}
 */
function checkNotApplicable(item, answer, isNoted, pointer) {
  const errors = [];
  if (!item.na_allowed) {
    errors.push({ pointer: `${pointer}/not_applicable`, code: "not_applicable_not_allowed" });
  }
  if (answer.value !== undefined && answer.value !== null) {
    errors.push({ pointer: `${pointer}/value`, code: "wrong_type" });
  }
  if (!isNoted) errors.push({ pointer: `${pointer}/note`, code: "note_required" });
  return errors;
}
