// Who uses the app, and the tokens that speak for that person. Work never needs a token: one that
// has died only stops sending.

import { call, Refused, Unreachable } from "./api.js";
import { device as deviceStore, storeOf } from "./db.js";
import { changed } from "./live.js";

/**
 * @typedef {object} Account
 * @property {number} id
 * @property {string} username
 * @property {string} full_name
 * @property {string} title
 * @property {Role} role
 * @property {boolean} asleep no token is good any more: sending waits for a new sign-in
 */
/**
 * @typedef {Account & {access: string, refresh: string, access_at: number, current: boolean}} Kept
 */

const OLD_MS = 14 * 60_000; // a token lives for 15 minutes
const PAUSES_MS = [0, 1_000, 3_000]; // the server gives a lost answer again for a minute
const REFRESH_LOCK = "refresh";

/** @type {Kept | null} */
let kept = null;

/** Finds out who was signed in last. */
export async function start() {
  const accounts = /** @type {Kept[]} */ (await deviceStore.all("accounts"));
  kept = accounts.find(({ current }) => current) ?? null;
  return account();
}

/** @returns {Account | null} */
export function account() {
  if (!kept) return null;
  const { id, username, full_name, title, role, asleep } = kept;
  return { id, username, full_name, title, role, asleep };
}

/** The data of whoever is signed in; throws where nobody is. */
export function store() {
  if (!kept) throw new Error("nobody is signed in");
  return storeOf(kept.username);
}

/**
 * @param {{username: string, password: string}} credentials
 * @returns {Promise<Account>}
 */
export async function signIn(credentials) {
  const device = await thisDevice();
  return open(await call("POST", "auth/token/", { json: { ...credentials, device } }));
}

/**
 * With the one-time code of the department.
 * @param {string} code
 */
export async function signInByCode(code) {
  const device = await thisDevice();
  return open(await call("POST", "auth/device-link/", { json: { code, device } }));
}

/** Hides what the person has here, and deletes nothing. */
export async function signOut() {
  const leaving = kept;
  if (!leaving) return;
  kept = null;
  await forget(leaving.username);
  changed("session");
  if (!leaving.access) return;
  try {
    await call("POST", "auth/logout/", { token: leaving.access, timeout: 5_000 });
  } catch {
    // The phone has no token any more; the session runs out.
  }
}

/**
 * Whoever has data on this phone.
 * @returns {Promise<{username: string, full_name: string, waiting: number}[]>}
 */
export async function accounts() {
  const known = /** @type {Kept[]} */ (await deviceStore.all("accounts"));
  return Promise.all(
    known.map(async ({ username, full_name }) => {
      const waiting = await storeOf(username).count("outbox");
      return { username, full_name, waiting };
    }),
  );
}

/** @returns {Promise<{id: string, name: string}>} */
export async function thisDevice() {
  const known = await deviceStore.get("settings", "device");
  if (known) return { id: known.id, name: known.label };
  return nameDevice(navigator.userAgent.includes("Android") ? "Android" : "");
}

/** @param {string} label what people call this phone */
export async function nameDevice(label) {
  const settings = "settings";
  const id = await deviceStore.write([settings], async (change) => {
    const known = await change.objectStore(settings).get("device");
    const made = known?.id ?? crypto.randomUUID();
    await change.objectStore(settings).put({ name: "device", id: made, label });
    return made;
  });
  return { id, name: label };
}

/**
 * @typedef {object} Speaker somebody's data and calls, also while another person signs in
 * @property {string} username
 * @property {import("./db.js").Store} store
 * @property {typeof send} send
 */

/** @returns {Speaker} whoever is signed in now; throws where nobody is */
export function speaker() {
  const own = store();
  const username = kept?.username ?? "";
  return {
    username,
    store: own,
    send: (method, path, options) => sendAs(username, method, path, options),
  };
}

/**
 * A call as this person. Throws Refused 401 where the account is asleep.
 * @param {string} method
 * @param {string} path
 * @param {import("./api.js").Options} [options]
 */
export function send(method, path, options = {}) {
  return sendAs(kept?.username ?? "", method, path, options);
}

/** The last token of an account that is asleep; "" where there is none. */
export function formerToken() {
  return kept?.asleep ? kept.access : "";
}

/**
 * A file that only this person may see.
 * @param {string} path
 */
export async function blob(path) {
  return (await send("GET", path)).blob;
}

/**
 * @param {string} username
 * @param {string} method
 * @param {string} path
 * @param {import("./api.js").Options} [options]
 */
async function sendAs(username, method, path, options = {}) {
  const token = await accessToken(username);
  try {
    return await call(method, path, { ...options, token });
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error;
    return call(method, path, { ...options, token: await refresh(username, token) });
  }
}

/** @param {string} username */
async function accessToken(username) {
  if (!kept || kept.username !== username || kept.asleep) throw asleep();
  const age = Date.now() - kept.access_at;
  return age >= 0 && age < OLD_MS ? kept.access : refresh(username, kept.access);
}

/**
 * New tokens for `spent`, of one tab at a time: the others find them in the store.
 * @param {string} username
 * @param {string} spent
 * @returns {Promise<string>}
 */
function refresh(username, spent) {
  return navigator.locks.request(REFRESH_LOCK, async () => {
    const stored = /** @type {Kept | undefined} */ (await deviceStore.get("accounts", username));
    if (!stored?.current || stored.asleep) throw asleep();
    if (stored.access !== spent) return adopt(stored).access;
    try {
      const { json } = await persistently(stored.refresh);
      const renewed = { ...stored, ...json, access_at: Date.now() };
      await deviceStore.put("accounts", renewed);
      return adopt(renewed).access;
    } catch (error) {
      if (error instanceof Refused && error.status === 401) {
        await deviceStore.put("accounts", { ...stored, asleep: true });
        adopt({ ...stored, asleep: true });
        changed("session");
      }
      throw error;
    }
  });
}

/**
 * A lost answer does not end the session as long as we ask again with the same token at once.
 * @param {string} refreshToken
 */
async function persistently(refreshToken) {
  let lost;
  for (const pause of PAUSES_MS) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      return await call("POST", "auth/token/refresh/", { json: { refresh: refreshToken } });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      lost = error;
    }
  }
  throw lost;
}

/** @param {import("./api.js").Reply} reply */
async function open({ json }) {
  if (kept && kept.username !== json.user.username) await signOut();
  const opened = {
    ...json.user,
    access: json.access,
    refresh: json.refresh,
    access_at: Date.now(),
    asleep: false,
    current: true,
  };
  await deviceStore.put("accounts", opened);
  kept = opened;
  changed("session");
  void navigator.storage.persist?.();
  return /** @type {Account} */ (account());
}

/** @param {string} username */
async function forget(username) {
  await deviceStore.write(["accounts"], async (change) => {
    const known = await change.objectStore("accounts").get(username);
    const without = { ...known, access: "", refresh: "", asleep: true, current: false };
    await change.objectStore("accounts").put(without);
  });
}

/** @param {Kept} renewed */
function adopt(renewed) {
  if (kept?.username === renewed.username) kept = renewed;
  return renewed;
}

function asleep() {
  return new Refused(401, { code: "session_revoked" });
}
