// When to send and to ask: at the start, back in the foreground, with a network again, after each
// change of the queue, and now and then. Sending and asking do not wait for each other.

import { Refused, Unreachable } from "./api.js";
import * as bundle from "./bundle.js";
import { flush, reasonOf } from "./flush.js";
import { changed, listen } from "./live.js";
import { catchUp } from "./mirror.js";
import { list } from "./outbox.js";
import { account, speaker } from "./session.js";

/** @typedef {"start" | "foreground" | "online" | "timer" | "queue" | "asked"} Why */
/**
 * @typedef {object} State
 * @property {boolean} sending
 * @property {number} waiting entries that are not on the server with all their photos
 * @property {string | null} lastSuccess when the server last answered
 * @property {string | null} pausedUntil
 * @property {Reason | null} problem why it stopped; null where it did not
 */

const TICK_MS = 30_000;
const FRESH_MS = 15 * 60_000;
const LONGEST_S = 300;
const LONGEST_PAUSE_MS = 3_600_000;
const ASLEEP = "asleep";

/** @type {State} */
let state = { sending: false, waiting: 0, lastSuccess: null, pausedUntil: null, problem: null };
let failures = 0;
/** @type {Promise<void> | null} */
let running = null;
/** @type {Why | null} what the next round is for, asked while one is running */
let next = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @returns {State} */
export function current() {
  return state;
}

/** @returns {() => void} stops it */
export function start() {
  const foreground = () => {
    if (document.visibilityState === "visible") void now("foreground");
  };
  const online = () => void now("online");
  addEventListener("online", online);
  document.addEventListener("visibilitychange", foreground);
  const deaf = listen(["outbox", "session"], () => void now("queue"));
  void now("start");
  return () => {
    removeEventListener("online", online);
    document.removeEventListener("visibilitychange", foreground);
    clearTimeout(timer);
    deaf();
  };
}

/**
 * Sends what is due and asks for what is new, unless the server has asked us to wait.
 * @param {Why} why
 * @returns {Promise<void>} when that is done, also where a round was running already
 */
export function now(why) {
  if (running) {
    // What a person asks for is done whole; for anything else the round that runs has asked.
    next = why === "asked" ? why : (next ?? "queue");
    return running;
  }
  running = rounds(why).finally(() => {
    running = null;
    if (state.sending) publish({ sending: false });
  });
  return running;
}

/** @param {Why} why */
async function rounds(why) {
  /** @type {Why | null} */
  let due = why;
  while (due && account()) {
    next = null;
    await round(due);
    due = /** @type {Why | null} */ (next);
  }
}

/** @param {Why} why */
async function round(why) {
  plan(TICK_MS); // whatever comes of this one
  const me = speaker();
  const pause = readPause(me.username);
  const isPaused = Date.now() < pause.until;
  if (isPaused && (pause.asked || why === "queue" || why === "timer")) {
    plan(pause.until - Date.now());
    return publish({ waiting: (await list(me.store)).length });
  }
  if (account()?.asleep) return publish({ problem: reasonOf({ code: ASLEEP }) });
  publish({ sending: true });
  const sending = attempt(me, () => flush(me, why === "asked"));
  const asking = why === "queue" ? null : attempt(me, () => refreshed(why));
  const [sent, asked] = await Promise.all([sending, asking]);
  const isOld = sent.result && !(await bundle.isCurrent(sent.result));
  const renewed = isOld ? await attempt(me, () => bundle.refresh()) : null;
  const failure = sent.error ?? asked?.error ?? renewed?.error ?? null;
  if (!sent.error) failures = 0;
  if (me.username === account()?.username) settle(me.username, failure, Boolean(sent.error));
  publish({ sending: false, waiting: (await list(me.store)).length });
  plan(Math.min(TICK_MS, Math.max(0, readPause(me.username).until - Date.now()) || TICK_MS));
}

/** @param {Why} why */
async function refreshed(why) {
  const known = await bundle.freshness();
  const age = known ? Date.now() - Date.parse(known.checkedAt) : Infinity;
  if (why === "timer" && Math.abs(age) < FRESH_MS) return;
  const { drafts = [] } = await bundle.refresh();
  await catchUp(drafts);
}

/**
 * @template T
 * @param {import("./session.js").Speaker} me
 * @param {() => Promise<T>} action
 * @returns {Promise<{result: T | null, error: Refused | Unreachable | null}>}
 */
async function attempt(me, action) {
  try {
    const result = await action();
    if (me.username === account()?.username) publish({ lastSuccess: new Date().toISOString() });
    return { result, error: null };
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    return { result: null, error };
  }
}

/**
 * How long the queue waits now. Asking for news alone only makes it wait where the server says so.
 * @param {string} username
 * @param {Refused | Unreachable | null} error
 * @param {boolean} sendingFailed
 */
function settle(username, error, sendingFailed) {
  const refused = error instanceof Refused ? error : null;
  const problem = error && reasonOf(refused ? refused.problem : { code: "unreachable" });
  if (refused?.status === 401) return publish({ problem: reasonOf({ code: ASLEEP }) });
  const asked = refused?.retryAfter ?? null;
  let until = 0;
  if (asked !== null) until = Date.now() + asked * 1000;
  else if (sendingFailed) until = Date.now() + backOff();
  writePause(username, until, asked !== null);
  publish({ problem, pausedUntil: until ? new Date(until).toISOString() : null });
}

/** Twice as long each time, and not for all phones at once. */
function backOff() {
  failures += 1;
  return Math.min(LONGEST_S, 2 ** (failures - 1)) * (0.5 + Math.random()) * 1000;
}

/** @param {Partial<State>} change */
function publish(change) {
  state = { ...state, ...change };
  changed("sync");
}

/** @param {number} ms */
function plan(ms) {
  clearTimeout(timer);
  timer = setTimeout(() => void now("timer"), ms);
}

/**
 * All tabs wait together. `asked`: the server named the time, so nobody may shorten it.
 * @param {string} username
 * @returns {{until: number, asked: boolean}}
 */
function readPause(username) {
  const pause = JSON.parse(localStorage.getItem(`pause ${username}`) ?? "null");
  // A clock that was set back would make us wait for days.
  const isSane = pause && pause.until - Date.now() < LONGEST_PAUSE_MS;
  return isSane ? pause : { until: 0, asked: false };
}

/**
 * @param {string} username
 * @param {number} until milliseconds
 * @param {boolean} asked
 */
function writePause(username, until, asked) {
  localStorage.setItem(`pause ${username}`, JSON.stringify({ until, asked }));
}
