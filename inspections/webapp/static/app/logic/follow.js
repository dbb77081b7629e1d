// The visit that a follow-up follows, fetched while there is a network.

import { speaker } from "./session.js";

/**
 * @param {string} id
 * @returns {Promise<FirstVisit>} throws Refused and Unreachable; without it only the server knows
 *     which answers carry over
 */
export async function firstVisit(id) {
  const me = speaker();
  const [visit, result] = await Promise.all([
    me.send("GET", `inspections/${id}/`),
    me.send("GET", `inspections/${id}/result/`),
  ]);
  /** @type {Found[]} */
  const findings = result.json.findings ?? [];
  return {
    answers: visit.json.answers ?? {},
    stalls: visit.json.stalls ?? [],
    findings: findings.map(({ item, stall }) => ({ item, stall })),
  };
}
