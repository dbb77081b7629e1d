// Everything for days without a network, fetched at once and kept.

import { parse } from "./checklist.js";
import { changed } from "./live.js";
import { speaker, store } from "./session.js";
import { fold } from "./text.js";

/** @typedef {{name: "bundle", body: Bundle, etag: string, fetchedAt: string, checkedAt: string}} Kept */

const KEPT = "kept";
const NAME = "bundle";

/** @type {WeakMap<object, Checklist>} */
const parsed = new WeakMap();

/** @returns {Promise<Bundle | null>} what is on the phone */
export async function load() {
  return (await kept())?.body ?? null;
}

/** @returns {Promise<{fetchedAt: string, checkedAt: string} | null>} when the server was last heard */
export async function freshness() {
  const found = await kept();
  return found ? { fetchedAt: found.fetchedAt, checkedAt: found.checkedAt } : null;
}

/**
 * Asks the server whether anything is new; what was kept stays where it cannot be asked.
 * @returns {Promise<Bundle>} throws Refused and Unreachable
 */
export async function refresh() {
  const me = speaker();
  const known = await kept(me.store);
  const headers = known ? { "If-None-Match": known.etag } : undefined;
  const reply = await me.send("GET", "sync/bundle/", { headers });
  const now = new Date().toISOString();
  const fresh =
    reply.status === 304 && known
      ? { ...known, checkedAt: now }
      : {
          name: NAME,
          body: reply.json,
          etag: reply.headers.get("ETag") ?? "",
          fetchedAt: now,
          checkedAt: now,
        };
  await me.store.put(KEPT, fresh);
  changed("bundle");
  return fresh.body;
}

/**
 * Whether `etag`, as a push told it, is that of the kept bundle.
 * @param {string} etag
 */
export async function isCurrent(etag) {
  const bare = (/** @type {string} */ tag) => tag.replace(/^W\//, "").replaceAll('"', "");
  const known = await kept();
  return Boolean(known) && bare(known?.etag ?? "") === bare(etag);
}

/**
 * @param {Bundle} bundle
 * @param {string} code
 */
export function place(bundle, code) {
  return bundle.establishments.find((establishment) => establishment.code === code) ?? null;
}

/**
 * @param {Bundle} bundle
 * @param {string} name `MARKET-FS@1`, or a code for its newest version
 * @returns {Checklist | null}
 */
export function checklist(bundle, name) {
  const fitting = bundle.checklists
    .filter((version) => version.name === name || version.name.startsWith(`${name}@`))
    .sort((a, b) => b.content.version - a.content.version);
  return fitting.length ? read(fitting[0].content) : null;
}

/**
 * The newest checklists for a kind of place.
 * @param {Bundle} bundle
 * @param {string} kind
 */
export function checklistsFor(bundle, kind) {
  const codes = new Set(bundle.checklists.map(({ content }) => content.code));
  return [...codes]
    .map((code) => checklist(bundle, code))
    .filter((found) => found !== null)
    .filter(({ kinds }) => kinds.includes(kind));
}

/**
 * A version that the bundle does not hold any more: drafts outlive it.
 * @param {string} name
 * @returns {Promise<Checklist>} throws where neither the phone nor the server can give it
 */
export async function fetchChecklist(name) {
  const me = speaker();
  const bundle = await load();
  const held = bundle?.checklists.find((version) => version.name === name);
  if (held) return read(held.content);
  const key = `checklist ${name}`;
  const known = await me.store.get(KEPT, key);
  if (known) return read(known.content);
  const { json } = await me.send("GET", `checklists/${encodeURIComponent(name)}/`);
  await me.store.put(KEPT, { name: key, content: json.content });
  return read(json.content);
}

/**
 * Places whose name, code, address or unit has the words of `text`, accents aside.
 * @param {Bundle} bundle
 * @param {string} text
 */
export function search(bundle, text) {
  const words = fold(text).split(" ").filter(Boolean);
  return bundle.establishments.filter(({ name, code, address, unit }) => {
    const said = fold([name, code, address, unit].join(" "));
    return words.every((word) => said.includes(word));
  });
}

/**
 * What there is to do: assignments by the day on which they are due, then the other places.
 * @param {Bundle} bundle
 * @param {string} day
 */
export function today(bundle, day) {
  const assigned = [...(bundle.assignments ?? [])].sort((a, b) => (a.due_on < b.due_on ? -1 : 1));
  const rows = assigned.map((assignment) => ({
    assignment,
    establishment: place(bundle, assignment.establishment),
    overdue: assignment.due_on < day,
  }));
  const named = new Set(assigned.map(({ establishment }) => establishment));
  const others = bundle.establishments.filter(({ code }) => !named.has(code));
  return [
    ...rows,
    ...others.map((establishment) => ({ assignment: null, establishment, overdue: false })),
  ];
}

/** @returns {Promise<Kept | undefined>} */
function kept(from = store()) {
  return from.get(KEPT, NAME);
}

/** @param {ChecklistContent} content */
function read(content) {
  const known = parsed.get(content) ?? parse(content);
  parsed.set(content, known);
  return known;
}
