// What the phone keeps: one database for the device, one for each account. Nothing that is kept for
// an account is ever deleted because somebody signs out.

import { openDB } from "../vendor/idb.js";
import { changed } from "./live.js";

/** @typedef {import("idb").IDBPDatabase<any>} Connection */
/** @typedef {import("idb").IDBPTransaction<any, string[], "readwrite">} Change */

const NAME = "food-safety";

let full = false;

/** Whether the last change could not be kept because the phone has no room. */
export function isFull() {
  return full;
}

/** A database that opens itself again: browsers close it when they lack memory. */
export class Store {
  /** @type {Promise<Connection> | null} */
  #opening = null;

  /**
   * @param {string} name
   * @param {number} version
   * @param {(db: Connection, from: number) => void} upgrade
   */
  constructor(name, version, upgrade) {
    this.name = name;
    this.version = version;
    this.upgrade = upgrade;
  }

  /**
   * @param {string} kept the object store
   * @param {string} key
   * @returns {Promise<any>} undefined where there is none
   */
  get(kept, key) {
    return this.#with((db) => db.get(kept, key));
  }

  /**
   * @param {string} kept
   * @returns {Promise<any[]>} in the order of their keys
   */
  all(kept) {
    return this.#with((db) => db.getAll(kept));
  }

  /** @param {string} kept */
  count(kept) {
    return this.#with((db) => db.count(kept));
  }

  /**
   * All or nothing, and on the disk when this returns.
   * @template T
   * @param {string[]} kept
   * @param {(change: Change) => Promise<T> | T} action only awaits what it asks of `change`
   * @returns {Promise<T>}
   */
  write(kept, action) {
    return this.#with(async (db) => {
      const change = db.transaction(kept, "readwrite", { durability: "strict" });
      try {
        const result = await action(change);
        await change.done;
        tell(false);
        return result;
      } catch (error) {
        abort(change);
        if (isNamed(error, "QuotaExceededError")) tell(true);
        throw error;
      }
    });
  }

  /**
   * @param {string} kept
   * @param {any} value
   */
  put(kept, value) {
    return this.write([kept], (change) => change.objectStore(kept).put(value));
  }

  /**
   * @template T
   * @param {(db: Connection) => Promise<T>} action
   */
  async #with(action) {
    try {
      return await action(await this.#open());
    } catch (error) {
      if (!isNamed(error, "InvalidStateError")) throw error;
      this.#opening = null;
      return action(await this.#open());
    }
  }

  #open() {
    const forget = () => {
      this.#opening = null;
    };
    this.#opening ??= openDB(this.name, this.version, {
      upgrade: (db, from) => this.upgrade(db, from),
      blocking: (_current, _blocked, event) => {
        /** @type {IDBDatabase} */ (event.target).close();
        forget();
      },
      terminated: forget,
    });
    this.#opening.catch(forget);
    return this.#opening;
  }
}

/** Accounts that were signed in here, and what the device is called. */
export const device = new Store(NAME, 1, (db) => {
  db.createObjectStore("accounts", { keyPath: "username" });
  db.createObjectStore("settings", { keyPath: "name" });
});

/** @type {Map<string, Store>} */
const opened = new Map();

/**
 * The data of one person.
 * @param {string} username
 */
export function storeOf(username) {
  const known = opened.get(username);
  if (known) return known;
  const store = new Store(`${NAME}/${username}`, 1, (db) => {
    db.createObjectStore("kept", { keyPath: "name" });
    db.createObjectStore("drafts", { keyPath: "id" });
    db.createObjectStore("outbox", { keyPath: "id" });
    db.createObjectStore("photos", { keyPath: "sha256" });
    db.createObjectStore("sent", { keyPath: "id" });
  });
  opened.set(username, store);
  return store;
}

/** @param {boolean} isNow */
function tell(isNow) {
  if (full === isNow) return;
  full = isNow;
  changed("room");
}

/**
 * @param {unknown} error
 * @param {string} name
 */
function isNamed(error, name) {
  return error instanceof DOMException && error.name === name;
}

/** @param {Change} change */
function abort(change) {
  // Nobody else waits for what was undone.
  change.done.catch(() => {});
  try {
    change.abort();
  } catch {
    // It has ended by itself.
  }
}
