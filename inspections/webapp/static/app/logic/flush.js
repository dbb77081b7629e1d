// Sends the queue: what is due, then the photos, then the server's copies of drafts. One tab at a
// time. A bad entry never holds up the others.

import { Refused } from "./api.js";
import { load } from "./bundle.js";
import { changed } from "./live.js";
import { isBehind, takeIn, toPush as draftToPush } from "./mirror.js";
import { moment } from "./moments.js";
import { finish, list, toPush } from "./outbox.js";
import { missing, upload } from "./upload.js";
import { APP } from "./version.js";

const OUTBOX = "outbox";
const ITEMS = 20;
const BYTES = 256 * 1024;
const ASKED_AT_ONCE = 100;
const MIRROR_MS = 30_000;
const CLOCK_SET_BACK_MS = 3_600_000;

/** @typedef {import("./session.js").Speaker} Speaker */
/** @typedef {import("./mirror.js").Outcome} Outcome */

let mirroredAt = 0;

/**
 * Throws Unreachable, and Refused where the whole queue has to wait.
 * @param {Speaker} me
 * @param {boolean} isAsked by the person: copies of drafts do not wait for more changes
 * @returns {Promise<string>} the ETag of the bundle, as the server told it; "" where it did not
 */
export function flush(me, isAsked = false) {
  return navigator.locks.request(`outbox ${me.username}`, async () => {
    const etag = await sendEntries(me, isAsked);
    await sendPhotos(me);
    return etag;
  });
}

/**
 * @param {Speaker} me
 * @param {boolean} isAsked
 */
async function sendEntries(me, isAsked) {
  let etag = "";
  let most = ITEMS;
  for (let isFirst = true; ; isFirst = false) {
    const entries = (await list(me.store)).filter(isDue);
    await discardDrafts(me, entries);
    const due = entries.filter(({ op }) => op !== "inspection.discard");
    const drafts = await draftsBehind(me, due.length > 0 || (isAsked && isFirst));
    if (!due.length && !drafts.length) return etag;
    const batch = fitting(
      await Promise.all([...due.map(toPush), ...drafts.map(draftToPush)]),
      Math.min(most, await limit()),
    );
    try {
      const { json } = await me.send("POST", "sync/push/", { json: await envelope(me, batch) });
      etag = json.bundle_etag ?? etag;
      await takeResults(me, json.results, due, drafts);
      await passOver(me, batch, json.results, due);
    } catch (error) {
      if (!isAboutContent(error)) throw error;
      // The envelope cannot be read because of one of them: find it by halving.
      if (batch.length > 1) most = Math.ceil(batch.length / 2);
      else await refuse(me, batch[0], /** @type {Refused} */ (error), drafts);
    }
  }
}

/**
 * @param {Speaker} me
 * @param {Outcome[]} results
 * @param {OutboxItem[]} due
 * @param {Draft[]} drafts
 */
async function takeResults(me, results, due, drafts) {
  mirroredAt = Date.now();
  for (const result of results) {
    const draft = drafts.find(({ id }) => result.op === "inspection.draft" && id === result.id);
    const item = due.find(({ op, id }) => op === result.op && id === result.id);
    if (draft) await takeIn(me, draft, result);
    if (item) await note(me, item, outcome(result));
  }
}

/**
 * What a server says nothing about is asked later, or we would ask for ever.
 * @param {Speaker} me
 * @param {{op: string, id: string}[]} batch
 * @param {Outcome[]} results
 * @param {OutboxItem[]} due
 */
async function passOver(me, batch, results, due) {
  for (const { op, id } of batch) {
    const item = due.find((each) => each.op === op && each.id === id);
    if (item && !results.some((result) => result.op === op && result.id === id)) {
      await note(me, item, { not_before: Date.now() + MIRROR_MS });
    }
  }
}

/**
 * What an answer makes of an entry.
 * @param {Outcome} result
 * @returns {Partial<OutboxItem>}
 */
function outcome({ status, receipt, problem, retry_after = 5 }) {
  if (status === "created" || status === "duplicate") {
    const isNew = status === "created" && receipt?.missing_evidence;
    // A receipt is repeated as it was first given: photos may have come since.
    const lacking = isNew ? (receipt?.missing_evidence ?? null) : null;
    return { state: "photos", reason: null, receipt: receipt ?? null, missing: lacking };
  }
  if (status === "retry") return { not_before: Date.now() + retry_after * 1000 };
  const state = status === "conflict" ? "conflict" : "rejected";
  return { state, reason: reasonOf(problem) };
}

/** @param {Speaker} me */
async function sendPhotos(me) {
  const items = (await list(me.store)).filter(({ state }) => state === "photos");
  await askForMissing(me, items);
  for (const sha256 of new Set(items.flatMap((item) => item.missing ?? []))) {
    const wanting = items.filter((item) => item.missing?.includes(sha256));
    const lost = await lostOnTheWay(me, sha256);
    for (const item of wanting) {
      item.missing = (item.missing ?? []).filter((digest) => digest !== sha256);
      if (lost) item.lost.push({ sha256, code: lost });
      await note(me, item, { missing: item.missing, lost: item.lost });
    }
  }
  for (const item of items) {
    if (!item.lost.length) await finish(item, me.store);
    else await note(me, item, { state: "photos_lost" });
  }
}

/**
 * @param {Speaker} me
 * @param {OutboxItem[]} items
 */
async function askForMissing(me, items) {
  const unsure = items.filter((item) => item.missing === null);
  const named = [...new Set(unsure.flatMap(({ photos }) => photos))];
  /** @type {string[]} */
  const lacking = [];
  for (let start = 0; start < named.length; start += ASKED_AT_ONCE) {
    lacking.push(...(await missing(me, named.slice(start, start + ASKED_AT_ONCE))));
  }
  for (const item of unsure) {
    item.missing = item.photos.filter((sha256) => lacking.includes(sha256));
  }
}

/**
 * Why the photo will never be there; "" where it is.
 * @param {Speaker} me
 * @param {string} sha256
 */
async function lostOnTheWay(me, sha256) {
  try {
    return (await upload(me, sha256)) ? "" : "photo_gone";
  } catch (error) {
    if (error instanceof Refused && [413, 415, 422].includes(error.status)) return error.code;
    throw error;
  }
}

/**
 * @param {Speaker} me
 * @param {OutboxItem[]} entries
 */
async function discardDrafts(me, entries) {
  for (const item of entries.filter(({ op }) => op === "inspection.discard")) {
    try {
      await me.send("DELETE", `inspections/${item.id}/`);
    } catch (error) {
      // Gone already, or submitted by a colleague.
      if (!(error instanceof Refused) || ![403, 404, 409].includes(error.status)) throw error;
    }
    await finish(item, me.store);
  }
}

/**
 * Copies go along with entries, else they wait a while for more changes.
 * @param {Speaker} me
 * @param {boolean} goesAlong
 */
async function draftsBehind(me, goesAlong) {
  if (!goesAlong && Math.abs(Date.now() - mirroredAt) < MIRROR_MS) return [];
  return /** @type {Draft[]} */ (await me.store.all("drafts")).filter(isBehind);
}

/**
 * The first entry whatever its size, then as many as fit.
 * @param {{op: string, id: string, data: any}[]} items
 * @param {number} most
 */
function fitting(items, most) {
  let bytes = 0;
  return items.slice(0, most).filter((item, index) => {
    bytes += JSON.stringify(item).length;
    return index === 0 || bytes <= BYTES;
  });
}

async function limit() {
  return (await load())?.limits.push_items ?? ITEMS;
}

/**
 * @param {Speaker} me
 * @param {{op: string, id: string, data: any}[]} items
 */
async function envelope(me, items) {
  const queue = await me.store.count(OUTBOX);
  return { items, report: { queue, sent_at: moment(), app: APP } };
}

/**
 * @param {Speaker} me
 * @param {{op: string, id: string}} entry
 * @param {Refused} error
 * @param {Draft[]} drafts
 */
async function refuse(me, { op, id }, error, drafts) {
  const draft = drafts.find((each) => op === "inspection.draft" && each.id === id);
  const refusal = { id, op, status: /** @type {const} */ ("invalid"), problem: error.problem };
  if (draft) return takeIn(me, draft, refusal);
  const item = (await list(me.store)).find((each) => each.op === op && each.id === id);
  if (item) await note(me, item, outcome(refusal));
}

/**
 * Writes down how it went; what was done to the entry meanwhile stays.
 * @param {Speaker} me
 * @param {OutboxItem} item is changed too
 * @param {Partial<OutboxItem>} change
 */
async function note(me, item, change) {
  const now = { ...change, tries: item.tries + 1 };
  Object.assign(item, now);
  await me.store.write([OUTBOX], async (transaction) => {
    const entries = transaction.objectStore(OUTBOX);
    const stored = await entries.get(item.id);
    if (stored) await entries.put({ ...stored, ...now });
  });
  changed("outbox");
}

/** @param {OutboxItem} item */
function isDue({ state, not_before }) {
  const wait = not_before - Date.now();
  const isOpen = state === "waiting" || state === "handed_in";
  return isOpen && (wait <= 0 || wait > CLOCK_SET_BACK_MS);
}

/** @param {unknown} error */
function isAboutContent(error) {
  return error instanceof Refused && [400, 413, 422].includes(error.status);
}

/**
 * @param {any} problem
 * @returns {Reason}
 */
export function reasonOf(problem) {
  return {
    code: problem?.code ?? "unknown",
    title: problem?.title ?? "",
    errors: problem?.errors ?? [],
    request_id: problem?.request_id ?? "",
    at: new Date().toISOString(),
  };
}
