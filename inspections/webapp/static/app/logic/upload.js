// Photos to the server, by their digest. A large one goes on at the byte where it was cut.

import { PHOTO_TIMEOUT, Refused } from "./api.js";

const WHOLE_BYTES = 300 * 1024;
const PART_BYTES = 256 * 1024;
const RESTARTS = 5;
const NOT_BEGUN = 404;

/**
 * Which of the photos the server lacks.
 * @param {import("./session.js").Speaker} me
 * @param {string[]} digests
 * @returns {Promise<string[]>}
 */
export async function missing(me, digests) {
  if (!digests.length) return [];
  const { json } = await me.send("POST", "evidence/missing/", { json: { sha256: digests } });
  return json.missing;
}

/**
 * Sends a photo. Throws Refused where the server will never take it, Unreachable where it might
 * be tried again.
 * @param {import("./session.js").Speaker} me
 * @param {string} sha256
 * @returns {Promise<boolean>} false where the phone does not have it any more
 */
export async function upload(me, sha256) {
  const blob = (await me.store.get("photos", sha256))?.blob;
  if (!blob) return false;
  if (blob.size > WHOLE_BYTES) await inParts(me, sha256, blob);
  else await put(me, sha256, blob);
  return true;
}

/**
 * @param {import("./session.js").Speaker} me
 * @param {string} sha256
 * @param {Blob} blob
 */
function put(me, sha256, blob) {
  const headers = { "Content-Type": blob.type || "image/jpeg" };
  return me.send("PUT", `evidence/${sha256}/`, { body: blob, headers, timeout: PHOTO_TIMEOUT });
}

/**
 * @param {import("./session.js").Speaker} me
 * @param {string} sha256
 * @param {Blob} blob
 */
async function inParts(me, sha256, blob) {
  const path = `evidence/${sha256}/upload/`;
  let { offset, whole } = await begun(me, path);
  for (let restarts = 0; !whole; ) {
    // Empty where the server has every byte, and could not finish with them.
    const part = blob.slice(offset, offset + PART_BYTES);
    const isLast = offset + part.size >= blob.size;
    const headers = {
      "Content-Type": "application/partial-upload",
      "Upload-Offset": String(offset),
      "Upload-Complete": isLast ? "?1" : "?0",
    };
    try {
      await me.send("PATCH", path, { body: part, headers, timeout: PHOTO_TIMEOUT });
      offset += part.size;
      whole = isLast;
    } catch (error) {
      // The server knows better where we are: an answer was lost.
      if (!(error instanceof Refused) || error.status !== 409 || restarts >= RESTARTS) throw error;
      restarts += 1;
      ({ offset, whole } = told(error.headers));
    }
  }
}

/**
 * @param {import("./session.js").Speaker} me
 * @param {string} path
 * @returns {Promise<{offset: number, whole: boolean}>} the byte to go on with, and if there is none
 */
async function begun(me, path) {
  try {
    const { headers } = await me.send("HEAD", path);
    return told(headers);
  } catch (error) {
    if (error instanceof Refused && error.status === NOT_BEGUN) return { offset: 0, whole: false };
    throw error;
  }
}

/** @param {Headers} headers */
function told(headers) {
  const offset = Number(headers.get("Upload-Offset") ?? 0);
  return { offset, whole: headers.get("Upload-Complete") === "?1" };
}
