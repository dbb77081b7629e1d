// Outcome, counts, verdict: equal to the server's, so that nothing changes when the visit arrives.
// Integers only. The rules are those of docs/rules: O1 to O7, S1 to S4, V1 to V5.

import { asOf, commodityOf, establishmentItems, stallItems, stallOf } from "./checklist.js";
import { judge } from "./outcome.js";
import { readDecimal } from "./text.js";

/** @typedef {{item: Item, outcome: Outcome}} Row */
/**
 * @typedef {object} Tally
 * @property {Count} level_a
 * @property {Count} level_b
 * @property {number} points of passed criteria
 * @property {number} points_possible
 * @property {boolean} criticalFailed
 */

const CITABLE = ["verified", "secondary"];

/**
 * The outcome of an answer; null where it is not given, or not rightly.
 * @param {Item} item
 * @param {Answer | undefined} answer
 * @param {string} day local day of the visit
 * @returns {Outcome | null}
 */
export function outcomeOf(item, answer, day) {
  if (!answer) return null;
  if (answer.not_applicable) return "na";
  if (answer.value === undefined) return null;
  const judgement = judge(item.answer, answer.value, day);
  return typeof judgement === "string" ? judgement : null;
}

/**
 * @param {Checklist} checklist
 * @param {string} day local day of the visit: it decides expiry and `mandatory_from`
 * @param {Answers} answers
 * @param {StallSheet[]} stalls
 * @returns {Result} of what is answered so far; `unanswered` says how much is not
 */
export function evaluate(checklist, day, answers, stalls) {
  const dated = asOf(checklist, day);
  const atPlace = judgeSheet(establishmentItems(dated), answers, day);
  let unanswered = atPlace.unanswered;
  const findings = found(atPlace.rows, answers, null);
  const rolled = rollUp();
  /** @type {StallResult[]} */
  const stallResults = [];
  for (const sheet of stalls) {
    const stall = stallOf(sheet);
    const items = sheet.absent ? [] : stallItems(dated, commodityOf(sheet));
    const given = sheet.answers ?? {};
    const judged = judgeSheet(items, given, day);
    unanswered += judged.unanswered;
    rolled.add(stall, judged.rows);
    findings.push(...found(judged.rows, given, stall));
    const counts = tally(judged.rows);
    stallResults.push({
      stall,
      verdict: sheet.absent ? null : decide(ruleSet(dated, dated.ruleSet), counts),
      level_a: counts.level_a,
      level_b: counts.level_b,
      criteria: judged.rows.map(shown),
    });
  }
  const outcomes = new Map(atPlace.rows.map(({ item, outcome }) => [item.code, outcome]));
  const criteria = dated.sections.map((section) =>
    section.items.map((item) =>
      section.scope === "stall"
        ? rolled.criterion(item)
        : { item, outcome: outcomes.get(item.code) ?? "na", failures: [] },
    ),
  );
  const total = tally(criteria.flat());
  const byRuleSet = dated.ruleSets.map(({ code }) => [code, decide(ruleSet(dated, code), total)]);
  return {
    verdict: decide(ruleSet(dated, dated.ruleSet), total),
    score: score(total),
    rule_set: dated.ruleSet,
    verdict_by_rule_set: Object.fromEntries(byRuleSet),
    level_a: total.level_a,
    level_b: total.level_b,
    sections: dated.sections.map(({ code, title }, index) => ({
      code,
      title,
      ...inSection(tally(criteria[index])),
    })),
    criteria: criteria.flat().map((row) => ({ ...shown(row), failures: row.failures })),
    stalls: stallResults,
    findings,
    unanswered,
  };
}

/**
 * The criteria that keep the market from a better verdict, whatever the rest: failed ones of
 * level A, or critical ones where points decide.
 * @param {Result} result
 */
export function blocking({ rule_set, criteria }) {
  const failed = criteria.filter(({ outcome }) => outcome === "fail");
  return rule_set === "TCVN_AB"
    ? failed.filter(({ level }) => level === "A")
    : failed.filter(({ severity }) => severity === "critical");
}

/**
 * @param {Item[]} items
 * @param {Answers} answers
 * @param {string} day
 */
function judgeSheet(items, answers, day) {
  /** @type {Row[]} */
  const rows = [];
  for (const item of items) {
    const outcome = outcomeOf(item, answers[item.code], day);
    if (outcome) rows.push({ item, outcome });
  }
  return { rows, unanswered: items.length - rows.length };
}

/** S3: an item of stalls passes where every assessed stall that it applies to passes it. */
function rollUp() {
  /** @type {Map<string, string[]>} */
  const failures = new Map();
  const passed = new Set();
  return {
    /**
     * @param {string} stall
     * @param {Row[]} rows
     */
    add(stall, rows) {
      for (const { item, outcome } of rows) {
        if (outcome === "pass") passed.add(item.code);
        if (outcome === "fail") {
          failures.set(item.code, [...(failures.get(item.code) ?? []), stall]);
        }
      }
    },
    /**
     * @param {Item} item
     * @returns {Row & {failures: string[]}}
     */
    criterion(item) {
      const failing = failures.get(item.code) ?? [];
      const outcome = failing.length ? "fail" : passed.has(item.code) ? "pass" : "na";
      return { item, outcome, failures: failing };
    },
  };
}

/**
 * @param {Row[]} rows
 * @returns {Tally}
 */
function tally(rows) {
  const level_a = { passed: 0, applicable: 0 };
  const level_b = { passed: 0, applicable: 0 };
  const sum = { level_a, level_b, points: 0, points_possible: 0, criticalFailed: false };
  for (const { item, outcome } of rows) {
    if (outcome === "na") continue;
    const count = item.level === "A" ? level_a : level_b;
    count.applicable += 1;
    sum.points_possible += item.points;
    if (outcome === "pass") {
      count.passed += 1;
      sum.points += item.points;
    } else if (item.severity === "critical") {
      sum.criticalFailed = true;
    }
  }
  return sum;
}

/**
 * S4: points of 100 with two decimals, half up; null where nothing is applicable.
 * @param {Tally} tally
 */
function score({ points, points_possible: possible }) {
  if (possible === 0) return null;
  const hundredths = Math.floor((20_000 * points + possible) / (2 * possible));
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
}

/**
 * @param {Checklist} checklist
 * @param {string} code
 */
function ruleSet(checklist, code) {
  const found = checklist.ruleSets.find((rules) => rules.code === code);
  if (!found) throw new Error(`no rule set ${code}`);
  return found;
}

/**
 * V1 to V5: the verdict of one table, of the market or of one stall; null is no result.
 * @param {RuleSet} rules
 * @param {Tally} tally
 * @returns {Verdict | null}
 */
function decide({ code, bands }, tally) {
  if (code === "TCVN_AB") {
    const { level_a: a, level_b: b } = tally;
    if (a.passed < a.applicable) return "fail";
    if (b.applicable === 0 || share(b.passed, b.applicable, bands.pass_above) > 0) return "pass";
    return share(b.passed, b.applicable, bands.to_complete_from) >= 0 ? "to_complete" : "fail";
  }
  if (code !== "POINTS100") throw new Error(`no rule set ${code}`);
  const { points, points_possible: possible } = tally;
  if (possible === 0) return null;
  if (tally.criticalFailed) return "fail";
  if (share(points, possible, bands.pass_from) >= 0) return "pass";
  return share(points, possible, bands.to_complete_from) >= 0 ? "to_complete" : "fail";
}

/**
 * Above 0, 0 or below 0, as `part` of `whole` is more than, exactly or less than `percent`.
 * @param {number} part
 * @param {number} whole
 * @param {string} percent
 */
function share(part, whole, percent) {
  const read = readDecimal(percent);
  if (typeof read === "string") throw new Error(`no percentage: ${percent}`);
  const difference = 100n * BigInt(part) * 10n ** BigInt(read.scale) - read.units * BigInt(whole);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** @param {Tally} counts */
function inSection({ level_a, level_b, points, points_possible }) {
  return {
    passed: level_a.passed + level_b.passed,
    applicable: level_a.applicable + level_b.applicable,
    points,
    points_possible,
  };
}

/**
 * @param {Row} row
 * @returns {Judged}
 */
function shown({ item, outcome }) {
  const { code, level, severity, points } = item;
  return { item: code, outcome, level, severity, points };
}

/**
 * N1: each failed item of a sheet, corrected on the spot or not.
 * @param {Row[]} rows
 * @param {Answers} answers
 * @param {string | null} stall
 * @returns {Found[]}
 */
function found(rows, answers, stall) {
  return rows
    .filter(({ outcome }) => outcome === "fail")
    .map(({ item }) => ({
      item: item.code,
      stall,
      severity: item.severity,
      corrected_on_site: Boolean(answers[item.code].corrected_on_site),
      points_lost: item.points,
      reference: references(item) || null,
      photos: answers[item.code].photos ?? [],
    }));
}

/** @param {Item} item */
function references(item) {
  const cited = item.refs.filter(({ status }) => CITABLE.includes(status));
  return cited.map(({ text }) => text).join("; ");
}
