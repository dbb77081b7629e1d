// Drafts on the disk. Every change is there before the call returns, and is made on what is on the
// disk, so two tabs do not undo each other.

import { changed } from "./live.js";
import { moment } from "./moments.js";
import { store } from "./session.js";

const DRAFTS = "drafts";

/** The draft is no longer here: submitted or discarded in another tab. */
export class Gone extends Error {}

/**
 * A draft around a document, as a colleague began it or the server holds it.
 * @param {VisitDocument} document
 * @returns {Draft}
 */
export function empty(document) {
  return {
    id: document.id,
    document,
    assignment: null,
    suggested: {},
    first: null,
    updated_at: moment(),
    camera: null,
    errors: [],
    version: null,
    changed: { establishment: 1 },
    count: 1,
    resolved: [],
    conflicts: [],
    refused_at: 0,
  };
}

/** @returns {Promise<Draft[]>} the one last worked on first */
export async function list() {
  const drafts = /** @type {Draft[]} */ (await store().all(DRAFTS));
  return drafts.sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1));
}

/**
 * @param {string} id
 * @returns {Promise<Draft | null>}
 */
export async function get(id) {
  return (await store().get(DRAFTS, id)) ?? null;
}

/**
 * Changes a draft on the disk.
 * @param {string} id
 * @param {(draft: Draft) => string[]} action changes it and names the paths that it changed
 * @returns {Promise<Draft>} throws Gone
 */
export async function edit(id, action) {
  const saved = await store().write([DRAFTS], async (change) => {
    const draft = /** @type {Draft | undefined} */ (await change.objectStore(DRAFTS).get(id));
    if (!draft) throw new Gone(id);
    const paths = action(draft);
    draft.count += 1;
    for (const path of paths) draft.changed[path] = draft.count;
    draft.updated_at = new Date().toISOString();
    await change.objectStore(DRAFTS).put(draft);
    return draft;
  });
  changed("drafts");
  return saved;
}

/**
 * A new entry of the queue.
 * @param {{id: string, op: Op, data: any, title: string}} entry
 * @returns {OutboxItem}
 */
export function waiting(entry) {
  return {
    ...entry,
    photos: [],
    created_at: new Date().toISOString(),
    state: "waiting",
    reason: null,
    tries: 0,
    not_before: 0,
    receipt: null,
    missing: null,
    lost: [],
    draft: null,
  };
}
