// A follow-up visit on top of the first. Rules K1 to K5 of docs/rules/carried.md.

import { asOf, commodityOf, establishmentItems, mustAnswer, stallItems, stallOf } from "./checklist.js";
import { judge } from "./outcome.js";

/**
 * What a follow-up is checked and scored on: its own answers and those that carry over. Sheets of
 * the follow-up stand first and in its order.
 * @param {Checklist} checklist
 * @param {string} day
 * @param {FirstVisit} first
 * @param {Pick<VisitDocument, "answers" | "stalls">} given
 * @returns {{answers: Answers, stalls: StallSheet[], errors: FieldError[]}}
 */
export function merge(checklist, day, first, given) {
  const dated = asOf(checklist, day);
  const seen = first.stalls.filter((sheet) => !sheet.absent);
  const before = new Map(seen.map((sheet) => [stallOf(sheet), sheet]));
  const answers = carry(establishmentItems(dated), first.answers, given.answers, first, null, day);
  /** @type {StallSheet[]} */
  const stalls = [];
  for (const sheet of given.stalls) {
    const stall = stallOf(sheet);
    const known = before.get(stall);
    before.delete(stall);
    if (sheet.absent) {
      stalls.push(known ? carriedSheet(dated, known, day) : sheet);
    } else if (!known || !(commodityOf(sheet) in dated.commodities)) {
      stalls.push(sheet);
    } else {
      const items = stallItems(dated, commodityOf(sheet));
      const [old, now] = [known.answers ?? {}, sheet.answers ?? {}];
      stalls.push({ ...sheet, answers: carry(items, old, now, first, stall, day) });
    }
  }
  const left = [...before.values()];
  const waiting = new Set(first.findings.map(({ stall }) => stall));
  const sheets = left.map((sheet) => carriedSheet(dated, sheet, day));
  const errors = [
    ...left.filter((sheet) => waiting.has(stallOf(sheet))),
    ...sheets.filter((sheet) => !isComplete(dated, sheet)),
  ].map(() => ({ pointer: "/stalls", code: "missing_answer" }));
  return { answers, stalls: [...stalls, ...sheets], errors };
}

/**
 * @param {Item[]} items
 * @param {Answers} old
 * @param {Answers} now
 * @param {FirstVisit} first
 * @param {string | null} stall
 * @param {string} day
 */
function carry(items, old, now, first, stall, day) {
  const merged = { ...now };
  for (const item of items) {
    const { code } = item;
    if (code in now || !(code in old) || mustAnswer(item, stall, first.findings)) continue;
    if (stillAnswers(item, old[code], day)) merged[code] = old[code];
  }
  return merged;
}

/**
 * Whether the item needs no answer now because that of the first visit carries over.
 * @param {Item} item as it counts on the day
 * @param {string | null} stall
 * @param {FirstVisit} first
 * @param {string} day
 */
export function carriesOver(item, stall, first, day) {
  const sheet = first.stalls.find((each) => !each.absent && stallOf(each) === stall);
  const old = (stall ? sheet?.answers : first.answers)?.[item.code];
  if (!old || mustAnswer(item, stall, first.findings)) return false;
  return stillAnswers(item, old, day);
}

/**
 * K5: whether an answer that was good for another version can be one to the item.
 * @param {Item} item
 * @param {Answer} answer
 * @param {string} day
 */
function stillAnswers(item, answer, day) {
  if (answer.not_applicable) return item.na_allowed;
  return answer.value !== undefined && typeof judge(item.answer, answer.value, day) === "string";
}

/**
 * @param {Checklist} dated
 * @param {StallSheet} sheet
 * @param {string} day
 * @returns {StallSheet}
 */
function carriedSheet(dated, sheet, day) {
  const old = sheet.answers ?? {};
  const kept = stallItems(dated, commodityOf(sheet)).filter(
    (item) => item.code in old && stillAnswers(item, old[item.code], day),
  );
  const answers = Object.fromEntries(kept.map(({ code }) => [code, old[code]]));
  return { ...sheet, absent: null, answers };
}

/**
 * @param {Checklist} dated
 * @param {StallSheet} sheet
 */
function isComplete(dated, sheet) {
  const items = stallItems(dated, commodityOf(sheet));
  return items.length > 0 && Object.keys(sheet.answers ?? {}).length === items.length;
}
