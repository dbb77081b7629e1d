// The server's copy of a draft: for a second phone, or when this one breaks. The server merges by
// path; what two phones changed differently is kept twice until somebody chooses.

import { clean, newDocument, read, write } from "./document.js";
import { edit, empty } from "./draft-store.js";
import { firstVisit } from "./follow.js";
import { changed } from "./live.js";
import { speaker } from "./session.js";
import { readDecimal } from "./text.js";

const DRAFTS = "drafts";
const DOCUMENT = [
  "id", "establishment", "checklist", "kind", "follows", "supersedes", "reason", "grounds",
  "started_at", "ended_at", "location", "device", "team", "parties", "answers", "stalls",
  "measures", "samples", "opinion", "requests", "signatures", "refusal",
];

/**
 * @typedef {object} Outcome of one item of a push
 * @property {string} id
 * @property {string} op
 * @property {"created" | "duplicate" | "conflict" | "invalid" | "retry"} status
 * @property {number} [version]
 * @property {VisitDocument} [document] where it is not what was sent
 * @property {DraftConflict[]} [conflicts]
 * @property {any} [problem]
 * @property {number} [retry_after]
 * @property {Receipt} [receipt]
 */

/**
 * Whether the server's copy lacks something that it would take.
 * @param {Draft} draft
 */
export function isBehind({ changed: paths, resolved, count, refused_at }) {
  return (Object.keys(paths).length > 0 || resolved.length > 0) && refused_at < count;
}

/**
 * The item of a push that brings the server's copy up to date.
 * @param {Draft} draft
 */
export function toPush({ id, document, version, changed: paths, resolved }) {
  const data = { document: presentable(document), version, changed: Object.keys(paths), resolved };
  return { op: "inspection.draft", id, data };
}

/**
 * Takes in what the server made of the copy; what was changed meanwhile stays.
 * @param {import("./session.js").Speaker} me
 * @param {Draft} sent
 * @param {Outcome} result
 */
export async function takeIn(me, sent, result) {
  if (result.status === "retry") return;
  await me.store.write([DRAFTS], async (change) => {
    const drafts = change.objectStore(DRAFTS);
    const draft = /** @type {Draft | undefined} */ (await drafts.get(sent.id));
    if (!draft) return;
    if (result.status === "invalid") {
      draft.refused_at = draft.count;
      if (result.problem?.code === "illegal_move") draft.errors = [{ pointer: "", code: "sent" }];
    } else {
      // The server tells all that is open: what is not there, somebody has chosen about.
      adopt(draft, sent, { ...result, conflicts: result.conflicts ?? [] });
    }
    await drafts.put(draft);
  });
  changed("drafts");
}

/**
 * Brings what another phone changed, or a draft that only the server has.
 * @param {string} id
 * @returns {Promise<Draft>} throws Refused and Unreachable
 */
export async function fetchDraft(id) {
  const me = speaker();
  const { json, headers } = await me.send("GET", `inspections/${id}/`);
  const document = known(json);
  const before = /** @type {Draft | undefined} */ (await me.store.get(DRAFTS, id));
  const { follows } = document;
  const first = before?.first ?? (follows ? await firstVisit(follows) : null);
  const version = Number((headers.get("ETag") ?? "").replace(/\D/g, "")) || null;
  const draft = await me.store.write([DRAFTS], async (change) => {
    const drafts = change.objectStore(DRAFTS);
    const held = /** @type {Draft | undefined} */ (await drafts.get(id));
    const merged = held ?? { ...empty(document), changed: {} };
    merged.first = first;
    adopt(merged, { ...merged, changed: {} }, { version: version ?? undefined, document });
    await drafts.put(merged);
    return merged;
  });
  changed("drafts");
  return draft;
}

/**
 * Brings what other phones have changed since, of drafts that are on this one.
 * @param {{id: string, version: number}[]} told the server's drafts
 */
export async function catchUp(told) {
  const me = speaker();
  for (const { id, version } of told) {
    const held = /** @type {Draft | undefined} */ (await me.store.get(DRAFTS, id));
    // What is changed here too, the server has to compare with what it has: that is the push.
    const isQuiet = held && held.version !== null && !isBehind(held);
    if (isQuiet && Number(held.version) < version) await fetchDraft(id);
  }
}

/**
 * Chooses between the answers of two phones.
 * @param {string} id
 * @param {string} path
 * @param {unknown} value of the side that holds
 */
export function resolve(id, path, value) {
  return edit(id, (draft) => {
    write(draft.document, path, value);
    draft.conflicts = draft.conflicts.filter((conflict) => conflict.path !== path);
    draft.resolved = [...new Set([...draft.resolved, path])];
    return [path];
  });
}

/**
 * @param {Draft} draft is changed
 * @param {Draft} sent
 * @param {Pick<Outcome, "version" | "document" | "conflicts">} result
 */
function adopt(draft, sent, { version, document, conflicts }) {
  for (const [path, count] of Object.entries(sent.changed)) {
    if (draft.changed[path] === count) delete draft.changed[path];
  }
  draft.resolved = draft.resolved.filter((path) => !sent.resolved.includes(path));
  if (document) {
    const merged = known(document);
    for (const path of Object.keys(draft.changed)) write(merged, path, read(draft.document, path));
    draft.document = merged;
    draft.count += 1;
  }
  draft.version = version ?? draft.version;
  if (conflicts) {
    draft.conflicts = conflicts.filter(({ path }) => !draft.resolved.includes(path));
  }
}

/**
 * Only what a document has: an answer of the server tells more.
 * @param {any} told
 * @returns {VisitDocument}
 */
function known(told) {
  const blank = /** @type {Record<string, unknown>} */ ({ ...newDocument(told) });
  const members = DOCUMENT.map((member) => [member, told[member] ?? blank[member] ?? null]);
  return Object.fromEntries(members);
}

/**
 * What is half typed would be refused, and the whole copy with it.
 * @param {VisitDocument} document
 */
function presentable(document) {
  const { grounds, parties, team, signatures, samples, measures, ...rest } = document;
  const isSaid = (/** @type {string | undefined} */ text) => Boolean(text?.trim());
  return clean({
    ...rest,
    device: null,
    grounds: grounds && Object.values(grounds).every(isSaid) ? grounds : null,
    parties: parties.filter(({ name }) => isSaid(name)),
    team: team.filter(({ username, name }) => isSaid(username) || isSaid(name)),
    signatures: signatures.filter(({ name }) => isSaid(name)),
    samples: samples.filter(({ kind, result }) => isSaid(kind) && isSaid(result)),
    measures: Object.fromEntries(
      Object.entries(measures).filter(([, text]) => typeof readDecimal(text) !== "string"),
    ),
  });
}
