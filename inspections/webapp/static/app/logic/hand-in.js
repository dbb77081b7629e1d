// For somebody who cannot sign in any more: what waits goes to the department, which decides. It
// stays on the phone as well, and is sent as usual if the account wakes up.

import { call, PHOTO_TIMEOUT, Refused } from "./api.js";
import { changed } from "./live.js";
import { list, toPush } from "./outbox.js";
import { formerToken, speaker } from "./session.js";

const ITEMS = 20;
const OPS = ["inspection.submit", "finding.respond", "bag_return.declare"];

/** Whether there is a token that the department would take. */
export function isPossible() {
  return formerToken() !== "";
}

/**
 * Hands in what waits, with its photos.
 * @returns {Promise<number>} how many entries the department has now; throws Refused, Unreachable
 */
export async function handIn() {
  const me = speaker();
  const token = formerToken();
  const waiting = (await list(me.store)).filter(
    ({ op, state }) => OPS.includes(op) && state === "waiting",
  );
  let handed = 0;
  for (let start = 0; start < waiting.length; start += ITEMS) {
    const batch = waiting.slice(start, start + ITEMS);
    const items = await Promise.all(batch.map(toPush));
    const { json } = await call("POST", "sync/quarantine/", { token, json: { items } });
    const unread = new Set();
    for (const { id, status } of json.results) if (status !== "quarantined") unread.add(id);
    // What the department could not even read goes on waiting here.
    for (const item of batch.filter(({ id }) => !unread.has(id))) {
      for (const sha256 of item.photos) await bring(me, token, sha256);
      await me.store.put("outbox", { ...item, state: "handed_in", reason: null });
      changed("outbox");
      handed += 1;
    }
  }
  return handed;
}

/**
 * @param {import("./session.js").Speaker} me
 * @param {string} token
 * @param {string} sha256
 */
async function bring(me, token, sha256) {
  const blob = (await me.store.get("photos", sha256))?.blob;
  if (!blob) return;
  const headers = { "Content-Type": blob.type || "image/jpeg" };
  const path = `sync/quarantine/evidence/${sha256}/`;
  try {
    await call("PUT", path, { token, headers, body: blob, timeout: PHOTO_TIMEOUT });
  } catch (error) {
    // A picture that the server will never take holds up nothing.
    if (!(error instanceof Refused) || ![413, 415, 422].includes(error.status)) throw error;
  }
}
