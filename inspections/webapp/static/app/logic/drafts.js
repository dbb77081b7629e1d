// Visits in progress: how they begin, grow and end.

import { place } from "./bundle.js";
import { carriesOver } from "./carried.js";
import { stallOf } from "./checklist.js";
import { answersOf, finished, newDocument, pathOf, photosOf, sheetOf } from "./document.js";
import { edit, empty, Gone, waiting } from "./draft-store.js";
import { changed } from "./live.js";
import { dayOf } from "./moments.js";
import { keep } from "./photos.js";
import { account, speaker, store, thisDevice } from "./session.js";
import { uuid7 } from "./uuid.js";

export { edit, get, Gone, list } from "./draft-store.js";

/** @typedef {Partial<Omit<VisitDocument, "id" | "answers" | "stalls">>} Members */

const DRAFTS = "drafts";
const OUTBOX = "outbox";

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
  const document = newDocument({
    establishment,
    checklist: checklist.name,
    kind,
    follows: visit.follows ?? null,
    grounds: visit.assignment?.grounds ?? null,
    team: teamOf(visit.assignment ?? null),
  });
  const first = visit.first ?? null;
  const facts = Object.entries(place(bundle, establishment)?.facts ?? {}).filter(([code]) => {
    const item = checklist.items.get(code);
    // What carries over needs no confirming.
    return item && !(first && carriesOver(item, null, first, dayOf(document.started_at)));
  });
  const draft = {
    ...empty(document),
    assignment: visit.assignment?.id ?? null,
    first,
    suggested: Object.fromEntries(facts),
  };
  await store().put(DRAFTS, draft);
  changed("drafts");
  return draft;
}

/**
 * Whoever begins is the head; the others are those that the assignment names.
 * @param {Assignment | null} assignment
 * @returns {VisitDocument["team"]}
 */
export function teamOf(assignment) {
  const me = account()?.username ?? "";
  const others = (assignment?.team ?? []).filter((username) => username !== me);
  return [
    { role: "head", username: me },
    ...others.map((username) => ({ role: /** @type {const} */ ("member"), username })),
  ];
}

/**
 * Merges `change` into the answer, or into the fact that is suggested. A value and "not applicable"
 * exclude each other; a value of undefined takes it away.
 * @param {string} id
 * @param {At} at
 * @param {Answer | ((known: Answer) => Answer)} change a function sees what is kept by then
 */
export function answer(id, at, change) {
  return edit(id, (draft) => {
    const answers = answersOf(draft.document, at.stall);
    const known = answers[at.item] ?? (at.stall ? {} : (draft.suggested[at.item] ?? {}));
    const given = typeof change === "function" ? change(known) : change;
    const merged = { ...known, ...given };
    if (given.not_applicable) delete merged.value;
    if (given.value !== undefined) delete merged.not_applicable;
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
 * @param {Members | ((document: VisitDocument) => Members)} change a function sees what is kept by then
 */
export function set(id, change) {
  return edit(id, (draft) => {
    const members = typeof change === "function" ? change(draft.document) : change;
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
