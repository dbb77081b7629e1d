// What waits to be sent. An entry leaves only when the server has said that it has it, with every
// photo; a refused one stays until somebody decides.

import { stamped } from "./document.js";
import { waiting } from "./draft-store.js";
import { changed } from "./live.js";
import { get as photo, inText } from "./photos.js";
import { store, thisDevice } from "./session.js";

const OUTBOX = "outbox";
const DRAFTS = "drafts";
const SENT = "sent";

/** @returns {Promise<OutboxItem[]>} oldest first */
export async function list(from = store()) {
  const items = /** @type {OutboxItem[]} */ (await from.all(OUTBOX));
  return items.sort((a, b) => (a.created_at + a.id < b.created_at + b.id ? -1 : 1));
}

/**
 * @param {string} id
 * @returns {Promise<OutboxItem | null>}
 */
export async function get(id) {
  return (await store().get(OUTBOX, id)) ?? null;
}

/**
 * @param {{id: string, op: Op, data: any, title: string, photos?: string[]}} entry
 * @returns {Promise<OutboxItem>}
 */
export async function enqueue({ photos = [], ...entry }) {
  const item = { ...waiting(entry), photos };
  await store().put(OUTBOX, item);
  changed("outbox");
  return item;
}

/**
 * Tries again now, whatever the waiting time.
 * @param {string} id
 */
export async function retry(id) {
  await store().write([OUTBOX], async (change) => {
    const item = /** @type {OutboxItem | undefined} */ (await change.objectStore(OUTBOX).get(id));
    if (!item) return;
    const state = item.receipt ? "photos" : "waiting";
    const again = { ...item, state, reason: null, not_before: 0, missing: null, lost: [] };
    await change.objectStore(OUTBOX).put(again);
  });
  changed("outbox");
}

/**
 * A refused visit becomes a draft again, with what was wrong.
 * @param {string} id
 * @returns {Promise<Draft>}
 */
export async function reopen(id) {
  const draft = await store().write([OUTBOX, DRAFTS], async (change) => {
    const item = /** @type {OutboxItem | undefined} */ (await change.objectStore(OUTBOX).get(id));
    if (!item?.draft || item.state !== "rejected") throw new Error(`${id} is not refused`);
    const document = { ...item.draft.document, ended_at: null };
    const again = { ...item.draft, document, errors: item.reason?.errors ?? [] };
    await change.objectStore(DRAFTS).put(again);
    await change.objectStore(OUTBOX).delete(id);
    return again;
  });
  changed("drafts");
  changed("outbox");
  return draft;
}

/**
 * Gives an entry up that the server will not take; ask by its name before.
 * @param {string} id
 */
export async function discard(id) {
  await store().write([OUTBOX], async (change) => {
    const item = /** @type {OutboxItem | undefined} */ (await change.objectStore(OUTBOX).get(id));
    if (item?.state === "waiting" || item?.state === "photos") throw new Error(`${id} is waiting`);
    await change.objectStore(OUTBOX).delete(id);
  });
  changed("outbox");
}

/**
 * Takes an acknowledged entry for done although photos will never come.
 * @param {string} id
 */
export async function settle(id) {
  const item = await get(id);
  if (item?.state === "photos_lost") await finish(item, store());
}

/**
 * Everything of one entry in one file, for whoever helps when nothing else does.
 * @param {string} id
 * @returns {Promise<Blob>}
 */
export async function exportItem(id) {
  const item = await get(id);
  const photos = await Promise.all(
    (item?.photos ?? []).map(async (sha256) => {
      const blob = await photo(sha256);
      return { sha256, content: blob && (await inText(blob)) };
    }),
  );
  return new Blob([JSON.stringify({ item, photos })], { type: "application/json" });
}

/** @returns {Promise<Sent[]>} newest first */
export async function sent() {
  const all = /** @type {Sent[]} */ (await store().all(SENT));
  return all.sort((a, b) => (a.sent_at < b.sent_at ? 1 : -1));
}

/**
 * @param {string} id
 * @returns {Promise<Sent | null>}
 */
export async function getSent(id) {
  return (await store().get(SENT, id)) ?? null;
}

/**
 * The body of an entry as it is sent now.
 * @param {OutboxItem} item
 */
export async function toPush({ op, id, data, tries }) {
  if (op !== "inspection.submit") return { op, id, data };
  const device = await thisDevice();
  const counter = (data.device?.counter ?? 0) + tries;
  return { op, id, data: stamped(data, { id: device.id, counter }) };
}

/**
 * Out of the queue, into what was sent; photos that nothing else needs leave the phone.
 * @param {OutboxItem} item
 * @param {import("./db.js").Store} from
 */
export async function finish(item, from) {
  await from.write([OUTBOX, SENT, DRAFTS, "photos"], async (change) => {
    const { id, op, title, data, receipt, lost, draft } = item;
    await change.objectStore(OUTBOX).delete(id);
    const sent_at = new Date().toISOString();
    if (op !== "inspection.discard") {
      const first = draft?.first ?? null;
      await change.objectStore(SENT).put({ id, op, title, data, receipt, sent_at, lost, first });
    }
    const others = JSON.stringify([
      await change.objectStore(OUTBOX).getAll(),
      await change.objectStore(DRAFTS).getAll(),
    ]);
    const free = item.photos.filter((sha256) => !others.includes(sha256));
    for (const sha256 of free) await change.objectStore("photos").delete(sha256);
  });
  changed("outbox");
}
