// Visits in progress. Every change is on the disk before the call returns, and is made on what is
// on the disk, so two tabs do not undo each other.

import { place } from "./bundle.js";
import { stallOf } from "./checklist.js";
import { answersOf, finished, newDocument, pathOf, photosOf, sheetOf } from "./document.js";
import { changed } from "./live.js";
import { moment } from "./moments.js";
import { keep } from "./photos.js";
import { account, speaker, store, thisDevice } from "./session.js";
import { uuid7 } from "./uuid.js";

const DRAFTS = "drafts";
const OUTBOX = "outbox";

/** The draft is no longer here: submitted or discarded in another tab. */
export class Gone extends Error {}

/**
 * @param {object} visit
 * @param {Bundle} visit.bundle
 * @param {string} visit.establishment
 * @param {Checklist} visit.checklist
 * @param {Kind} visit.kind
 * @param {Assignment | null} [visit.assignment]
 * @param {string | null} [visit.follows]
 * @param {FirstVisit | null} [visit.first] of a follow-up; see `firstVisit`
 * @returns {Promise<Draft>}
 */
export async function begin({ bundle, establishment, checklist, kind, ...visit }) {
  const me = /** @type {import("./session.js").Account} */ (account());
  const document = newDocument({
    establishment,
    checklist: checklist.name,
    kind,
    follows: visit.follows ?? visit.assignment?.follows ?? null,
    grounds: visit.assignment?.grounds ?? null,
    team: [{ role: "head", username: me.username }],
  });
  const facts = Object.entries(place(bundle, establishment)?.facts ?? {});
  const draft = {
    ...empty(document),
    assignment: visit.assignment?.id ?? null,
    first: visit.first ?? null,
    suggested: Object.fromEntries(facts.filter(([item]) => checklist.items.has(item))),
  };
  await store().put(DRAFTS, draft);
  changed("drafts");
  return draft;
}

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
 * Merges `change` into the answer. A value and "not applicable" exclude each other; a value of
 * undefined takes it away.
 * @param {string} id
 * @param {At} at
 * @param {Answer} change
 */
export function answer(id, at, change) {
  return edit(id, (draft) => {
    const answers = answersOf(draft.document, at.stall);
    const merged = { ...answers[at.item], ...change };
    if (change.not_applicable) delete merged.value;
    if (change.value !== undefined) delete merged.not_applicable;
    answers[at.item] = merged;
    if (!at.stall) delete draft.suggested[at.item];
    draft.camera = null;
    return [pathOf(at)];
  });
}

/**
 * @param {string} id
 * @param {At} at
 */
export function clear(id, at) {
  return edit(id, (draft) => {
    delete answersOf(draft.document, at.stall)[at.item];
    return [pathOf(at)];
  });
}

/**
 * Takes facts of the place over as they were last found.
 * @param {string} id
 * @param {string[]} items
 */
export function confirm(id, items) {
  return edit(id, (draft) => {
    const known = items.filter((item) => item in draft.suggested);
    for (const item of known) {
      draft.document.answers[item] = draft.suggested[item];
      delete draft.suggested[item];
    }
    return known.map((item) => pathOf({ item }));
  });
}

/**
 * Passes what is unanswered of a section: never what is critical, or must be measured or shown.
 * @param {string} id
 * @param {Section} section with its items as they count on the day
 * @param {string | null} [stall]
 */
export function restPasses(id, section, stall) {
  return edit(id, (draft) => {
    const answers = answersOf(draft.document, stall);
    const routine = section.items.filter(
      ({ code, severity, answer: { type }, photo }) =>
        !(code in answers) &&
        severity !== "critical" &&
        type === "pass_fail" &&
        photo !== "always",
    );
    for (const { code } of routine) answers[code] = { value: "pass" };
    return routine.map(({ code }) => pathOf({ item: code, stall }));
  });
}

/**
 * A sheet for a stall of the register, or for one that the register does not know.
 * @param {string} id
 * @param {{stall: string, commodity?: string} | {new: Omit<NewStall, "id"> & {id?: string}}} sheet
 */
export function addStall(id, sheet) {
  return edit(id, (draft) => {
    const added = "new" in sheet ? { new: { id: uuid7(), ...sheet.new } } : sheet;
    const stall = stallOf(added);
    if (sheetOf(draft.document, stall)) return [];
    draft.document.stalls.push({ ...added, answers: {} });
    return [`stalls.${stall}`];
  });
}

/**
 * @param {string} id
 * @param {string} stall
 * @param {Pick<StallSheet, "commodity" | "absent" | "new">} change
 */
export function setStall(id, stall, change) {
  return edit(id, (draft) => {
    const sheet = sheetOf(draft.document, stall);
    if (!sheet) return [];
    Object.assign(sheet, change);
    return [`stalls.${stall}`];
  });
}

/**
 * @param {string} id
 * @param {string} stall
 */
export function removeStall(id, stall) {
  return edit(id, ({ document }) => {
    document.stalls = document.stalls.filter((sheet) => stallOf(sheet) !== stall);
    return [`stalls.${stall}`];
  });
}

/**
 * Members of the document other than answers and stalls.
 * @param {string} id
 * @param {Partial<Omit<VisitDocument, "id" | "answers" | "stalls">>} members
 */
export function set(id, members) {
  return edit(id, (draft) => {
    Object.assign(draft.document, members);
    return Object.keys(members);
  });
}

/**
 * Remembers what the camera is opened for: a phone short of memory ends the browser meanwhile.
 * @param {string} id
 * @param {At | null} at null when it is closed
 */
export function camera(id, at) {
  return edit(id, (draft) => {
    draft.camera = at;
    return [];
  });
}

/**
 * Throws NoPicture (photos) for what is none.
 * @param {string} id
 * @param {At} at
 * @param {Blob} file
 */
export async function addPhoto(id, at, file) {
  const { sha256 } = await keep(file);
  return edit(id, (draft) => {
    const answers = answersOf(draft.document, at.stall);
    const photos = answers[at.item]?.photos ?? [];
    answers[at.item] = { ...answers[at.item], photos: [...new Set([...photos, sha256])] };
    draft.camera = null;
    return [pathOf(at)];
  });
}

/**
 * @param {string} id
 * @param {At} at
 * @param {string} sha256
 */
export function removePhoto(id, at, sha256) {
  return edit(id, (draft) => {
    const answers = answersOf(draft.document, at.stall);
    const photos = (answers[at.item]?.photos ?? []).filter((photo) => photo !== sha256);
    answers[at.item] = { ...answers[at.item], photos };
    return [pathOf(at)];
  });
}

/**
 * Ends the visit: from the drafts into the queue, at once or not at all. Validate it before.
 * @param {string} id
 * @param {string} title what people call it
 * @returns {Promise<OutboxItem>}
 */
export async function submit(id, title) {
  const me = speaker();
  const device = await thisDevice();
  const item = await me.store.write([DRAFTS, OUTBOX], async (change) => {
    const draft = await change.objectStore(DRAFTS).get(id);
    if (!draft) throw new Gone(id);
    const document = finished(draft.document, { id: device.id, counter: draft.count });
    const queued = {
      ...waiting({ id, op: "inspection.submit", data: document, title }),
      photos: photosOf(document),
      draft: { ...draft, document },
    };
    await change.objectStore(OUTBOX).put(queued);
    await change.objectStore(DRAFTS).delete(id);
    return queued;
  });
  changed("drafts");
  changed("outbox");
  return item;
}

/**
 * Here at once, and on the server as soon as it can be reached.
 * @param {string} id
 */
export async function discard(id) {
  await store().write([DRAFTS, OUTBOX], async (change) => {
    const draft = await change.objectStore(DRAFTS).get(id);
    await change.objectStore(DRAFTS).delete(id);
    if (draft && draft.version !== null) {
      const gone = waiting({ id, op: "inspection.discard", data: null, title: "" });
      await change.objectStore(OUTBOX).put(gone);
    }
  });
  changed("drafts");
  changed("outbox");
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
