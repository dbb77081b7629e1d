// One call of the API. Knows no account: `session` adds the token.

import { language } from "./i18n.js";

/**
 * @typedef {object} Options
 * @property {unknown} [json] the body, as a value
 * @property {BodyInit} [body] the body as it is
 * @property {Record<string, string>} [headers]
 * @property {string} [token]
 * @property {number} [timeout] milliseconds until the whole answer must be here
 */
/**
 * @typedef {object} Reply
 * @property {number} status 2xx or 304
 * @property {Headers} headers
 * @property {any} json null where the answer is none
 * @property {Blob} blob
 */

export const JSON_TIMEOUT = 30_000;
export const PHOTO_TIMEOUT = 60_000;

/** No whole answer: what was asked may have happened or not. */
export class Unreachable extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super("unreachable", { cause });
  }
}

/** The server said no, with a problem document. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {any} problem
   * @param {Headers} [headers]
   */
  constructor(status, problem, headers = new Headers()) {
    super(problem?.code ?? `status_${status}`);
    this.status = status;
    this.problem = problem;
    this.headers = headers;
    /** seconds */
    this.retryAfter = seconds(headers.get("Retry-After"));
    /** @type {string} */
    this.code = this.message;
    /** @type {string} */
    this.title = problem?.title ?? "";
    /** @type {string} */
    this.detail = problem?.detail ?? "";
    /** @type {FieldError[]} */
    this.errors = problem?.errors ?? [];
    /** @type {string} */
    this.requestId = problem?.request_id ?? "";
  }
}

/**
 * @param {string} method
 * @param {string} path below the API, `auth/me/`
 * @param {Options} [options]
 * @returns {Promise<Reply>} throws Unreachable and Refused
 */
export async function call(method, path, options = {}) {
  const { json, token, timeout = JSON_TIMEOUT } = options;
  const headers = new Headers({ "Accept-Language": language(), ...options.headers });
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (json !== undefined) headers.set("Content-Type", "application/json");
  let response, blob;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      headers,
      body: json === undefined ? options.body : JSON.stringify(json),
      signal: AbortSignal.timeout(timeout),
      cache: "no-store",
      credentials: "omit",
    });
    blob = await response.blob();
  } catch (cause) {
    throw new Unreachable(cause);
  }
  // Our server names every answer: a gate of the network answers otherwise, a cut line less.
  if (response.ok && !response.headers.has("X-Request-Id")) throw new Unreachable("not ours");
  const value = await readJson(response, blob);
  if (response.ok || response.status === 304) {
    return { status: response.status, headers: response.headers, json: value, blob };
  }
  throw new Refused(response.status, value, response.headers);
}

/**
 * @param {Response} response
 * @param {Blob} blob
 */
async function readJson(response, blob) {
  if (!blob.size || !response.headers.get("Content-Type")?.includes("json")) return null;
  try {
    return JSON.parse(await blob.text());
  } catch (cause) {
    // Cut in the middle, or by somebody between us and the server.
    throw new Unreachable(cause);
  }
}

/** @param {string | null} retryAfter seconds or a date */
function seconds(retryAfter) {
  if (!retryAfter) return null;
  const number = Number(retryAfter);
  if (Number.isFinite(number)) return Math.max(0, number);
  const wait = (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}
