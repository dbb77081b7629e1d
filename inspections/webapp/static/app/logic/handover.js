// Stall sheets from a colleague's phone to this one, as a file: no network is needed, and nothing
// that either has written is lost.

import { stallOf } from "./checklist.js";
import { answersOf, pathOf, photosOf, sheetOf } from "./document.js";
import { edit } from "./draft-store.js";
import { get, inText, keepAsIs, sha256 } from "./photos.js";
import { account } from "./session.js";

const FORMAT = "food-safety-handover";
const VERSION = 1;

/**
 * @typedef {object} Handover
 * @property {string} establishment
 * @property {string} checklist
 * @property {{username: string, full_name: string}} from
 * @property {string} made_at
 * @property {StallSheet[]} stalls
 * @property {Map<string, Blob>} photos by digest
 */
/** @typedef {{stall: string, item: string, here: Answer, other: Answer}} Difference */

/** `code`: unreadable, damaged, other_place or other_checklist. */
export class BadHandover extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * The chosen sheets with their photos, in one file.
 * @param {Draft} draft
 * @param {string[]} chosen stalls
 */
export async function pack({ id, document }, chosen) {
  const stalls = document.stalls.filter((sheet) => chosen.includes(stallOf(sheet)));
  const named = photosOf({ ...document, answers: {}, stalls });
  const photos = await Promise.all(
    named.map(async (digest) => {
      const blob = await get(digest);
      return blob && { sha256: digest, type: blob.type, content: await inText(blob) };
    }),
  );
  const { username, full_name } = /** @type {import("./session.js").Account} */ (account());
  const packed = {
    format: FORMAT,
    version: VERSION,
    inspection: id,
    establishment: document.establishment,
    checklist: document.checklist,
    from: { username, full_name },
    made_at: new Date().toISOString(),
    stalls,
    photos: photos.filter(Boolean),
  };
  return new Blob([JSON.stringify(packed)], { type: "application/json" });
}

/**
 * @param {Blob} file
 * @returns {Promise<Handover>} throws BadHandover
 */
export async function unpack(file) {
  const told = await parsed(file);
  if (told?.format !== FORMAT || told.version !== VERSION || !Array.isArray(told.stalls)) {
    throw new BadHandover("unreadable");
  }
  const photos = new Map();
  for (const { sha256: digest, type, content } of told.photos ?? []) {
    const blob = fromText(content, type);
    if ((await sha256(blob)) !== digest) throw new BadHandover("damaged");
    photos.set(digest, blob);
  }
  const { establishment, checklist, from, made_at, stalls } = told;
  return { establishment, checklist, from, made_at, stalls, photos };
}

/**
 * What would come in. Sheets that both have are the same, add answers, or differ in some.
 * @param {Draft} draft
 * @param {Handover} handover
 * @returns {{added: StallSheet[], same: StallSheet[], differing: Difference[]}} throws BadHandover
 */
export function preview({ document }, { establishment, checklist, stalls }) {
  if (document.establishment !== establishment) throw new BadHandover("other_place");
  if (document.checklist !== checklist) throw new BadHandover("other_checklist");
  const added = stalls.filter((sheet) => addsTo(document, sheet));
  const differing = stalls.flatMap((sheet) => differences(document, sheet));
  const others = new Set([...added.map(stallOf), ...differing.map(({ stall }) => stall)]);
  return { added, same: stalls.filter((sheet) => !others.has(stallOf(sheet))), differing };
}

/**
 * Takes the sheets over. Where both have answered, `choices` says which holds, else ours does.
 * @param {string} id
 * @param {Handover} handover
 * @param {Record<string, "here" | "other">} choices by `stall.item`
 * @returns {Promise<Draft>}
 */
export async function take(id, handover, choices) {
  for (const blob of handover.photos.values()) await keepAsIs(blob);
  return edit(id, ({ document }) =>
    handover.stalls.flatMap((sheet) => merge(document, sheet, choices)),
  );
}

/**
 * @param {VisitDocument} document is changed
 * @param {StallSheet} sheet
 * @param {Record<string, "here" | "other">} choices
 * @returns {string[]} paths that were changed
 */
function merge(document, sheet, choices) {
  const stall = stallOf(sheet);
  const { answers = {}, ...head } = sheet;
  const own = sheetOf(document, stall);
  const paths = [];
  if (!own) {
    document.stalls.push({ ...head, answers: {} });
    paths.push(`stalls.${stall}`);
  } else if (own.absent && Object.keys(answers).length) {
    // Whoever was there knows better than whoever found it closed.
    Object.assign(own, { absent: null, commodity: head.commodity });
    paths.push(`stalls.${stall}`);
  }
  const mine = answersOf(document, stall);
  for (const [item, answer] of Object.entries(answers)) {
    if (item in mine && choices[`${stall}.${item}`] !== "other") continue;
    mine[item] = answer;
    paths.push(pathOf({ item, stall }));
  }
  return paths;
}

/**
 * @param {VisitDocument} document
 * @param {StallSheet} sheet
 */
function addsTo(document, sheet) {
  const own = sheetOf(document, stallOf(sheet));
  const known = own?.answers ?? {};
  return !own || Object.keys(sheet.answers ?? {}).some((item) => !(item in known));
}

/**
 * @param {VisitDocument} document
 * @param {StallSheet} sheet
 * @returns {Difference[]}
 */
function differences(document, sheet) {
  const stall = stallOf(sheet);
  const mine = sheetOf(document, stall)?.answers ?? {};
  return Object.entries(sheet.answers ?? {})
    .filter(([item, answer]) => item in mine && !isEqual(mine[item], answer))
    .map(([item, other]) => ({ stall, item, here: mine[item], other }));
}

/**
 * @param {unknown} left
 * @param {unknown} right
 */
function isEqual(left, right) {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

/**
 * @param {unknown} value
 * @returns {unknown} the same with its keys in order
 */
function sorted(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, part]) => [key, sorted(part)]);
}

/** @param {Blob} file */
async function parsed(file) {
  try {
    return JSON.parse(await file.text());
  } catch {
    throw new BadHandover("unreadable");
  }
}

/**
 * @param {string} text
 * @param {string} type
 */
function fromText(text, type) {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return new Blob([bytes], { type });
  } catch {
    throw new BadHandover("damaged");
  }
}
