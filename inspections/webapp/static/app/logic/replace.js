// A wrong record is never changed: a visit that is filled in from the old one takes its place.

import { fetchChecklist } from "./bundle.js";
import { newDocument } from "./document.js";
import { empty, list } from "./draft-store.js";
import { firstVisit } from "./follow.js";
import { changed } from "./live.js";
import { speaker } from "./session.js";

// Everything but the signatures, which are for what is written now.
const TAKEN = /** @type {const} */ ([
  "establishment", "checklist", "kind", "follows", "grounds", "started_at", "ended_at", "location",
  "team", "parties", "answers", "stalls", "measures", "samples", "opinion", "requests",
]);

/**
 * @param {string} id of a visit that the server has
 * @param {string} reason
 * @returns {Promise<Draft>} the one that was begun before, if any; throws Refused, Unreachable
 */
export async function replace(id, reason) {
  const me = speaker();
  const begun = (await list()).find(({ document }) => document.supersedes === id);
  if (begun) return begun;
  const { json: old } = await me.send("GET", `inspections/${id}/`);
  await fetchChecklist(old.checklist);
  const taken = Object.fromEntries(TAKEN.map((member) => [member, old[member]]));
  const document = newDocument({ .../** @type {VisitDocument} */ (taken), supersedes: id, reason });
  if (!document.team.some(({ username }) => username === me.username)) {
    const others = document.team.map((one) => ({ ...one, role: /** @type {const} */ ("member") }));
    document.team = [{ role: "head", username: me.username }, ...others];
  }
  const first = document.follows ? await firstVisit(document.follows) : null;
  const draft = { ...empty(document), first };
  await me.store.put("drafts", draft);
  changed("drafts");
  return draft;
}
