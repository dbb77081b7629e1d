// How far a visit is.

import { carriesOver } from "./carried.js";
import { asOf, commodityOf, establishmentSections, stallOf, stallSections } from "./checklist.js";
import { dayOf } from "./moments.js";
import { outcomeOf } from "./score.js";

/**
 * @typedef {object} Part a section of one sheet
 * @property {string} code
 * @property {string | null} stall
 * @property {number} answered
 * @property {number} total
 * @property {string[]} open items without an answer, or with one that is none
 */

/**
 * @param {Draft} draft
 * @param {Checklist} checklist
 */
export function progress({ document, first }, checklist) {
  const day = dayOf(document.started_at);
  const dated = asOf(checklist, day);
  const ask = { day, first: document.kind === "follow_up" ? first : null };
  const isBlind = document.kind === "follow_up" && !first;
  const atPlace = parts(establishmentSections(dated), document.answers, null, ask, isBlind);
  const stalls = document.stalls.map((sheet) => {
    const sections = sheet.absent ? [] : stallSections(dated, commodityOf(sheet));
    const stall = stallOf(sheet);
    const own = parts(sections, sheet.answers ?? {}, stall, ask, isBlind);
    return { stall, absent: Boolean(sheet.absent), sections: own, ...sum(own) };
  });
  const sections = [...atPlace, ...stalls.flatMap((stall) => stall.sections)];
  return { ...sum(sections), sections, stalls };
}

/**
 * @param {Section[]} sections
 * @param {Answers} answers
 * @param {string | null} stall
 * @param {{day: string, first: FirstVisit | null}} ask
 * @param {boolean} isBlind a follow-up of a visit that the phone does not know: what is critical
 * @returns {Part[]}
 */
function parts(sections, answers, stall, { day, first }, isBlind) {
  return sections.map(({ code, items }) => {
    const asked = items.filter(
      (item) =>
        item.code in answers ||
        !(first ? carriesOver(item, stall, first, day) : isBlind && item.severity !== "critical"),
    );
    const open = asked.filter((item) => outcomeOf(item, answers[item.code], day) === null);
    return {
      code,
      stall,
      answered: asked.length - open.length,
      total: asked.length,
      open: open.map((item) => item.code),
    };
  });
}

/** @param {{answered: number, total: number}[]} parts */
function sum(parts) {
  return {
    answered: parts.reduce((all, { answered }) => all + answered, 0),
    total: parts.reduce((all, { total }) => all + total, 0),
  };
}
