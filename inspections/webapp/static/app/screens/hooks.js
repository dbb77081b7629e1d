// What a screen shows of what is kept: loaded, and loaded again when anybody changes it.

import { fetchChecklist, load as loadBundle, place } from "../logic/bundle.js";
import { asOf } from "../logic/checklist.js";
import { get as getDraft } from "../logic/drafts.js";
import { listen } from "../logic/live.js";
import { dayOf } from "../logic/moments.js";
import { progress } from "../logic/progress.js";
import { account } from "../logic/session.js";
import { letters } from "../logic/text.js";
import { keepOpen } from "../logic/update.js";
import { validate } from "../logic/validation.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { scored } from "./words.js";

/**
 * @template T
 * @param {import("../logic/live.js").Topic[]} topics
 * @param {() => Promise<T>} load
 * @param {unknown[]} [keys] what `load` depends on
 * @returns {T | undefined} undefined until it is there
 */
export function useLive(topics, load, keys = []) {
  const [value, setValue] = useState(/** @type {T | undefined} */ (undefined));
  useEffect(() => {
    let isShown = true;
    const read = async () => {
      const found = await load();
      if (isShown) setValue(() => found);
    };
    void read();
    const stop = listen(topics, read);
    return () => {
      isShown = false;
      stop();
    };
  }, keys);
  return value;
}

export function useBundle() {
  return useLive(["bundle"], loadBundle);
}

/**
 * All that the screens of a visit show; null where the draft is not on this phone (any more).
 * @param {string} id
 */
export function useVisit(id) {
  useEffect(keepOpen, []);
  return useLive(["drafts", "bundle"], () => visit(id), [id]);
}

/**
 * @param {string} id
 * @returns {Promise<Visit | null>}
 */
async function visit(id) {
  const draft = await getDraft(id);
  if (!draft) return null;
  const shown = await seen(draft.document, draft.first);
  if (!shown) return null;
  const errors = validate(draft.document, {
    checklist: shown.checklist,
    username: account()?.username ?? "",
    place: shown.place,
    letters: letters(shown.bundle.letters),
    first: draft.first,
  });
  return { ...shown, draft, progress: progress(draft, shown.checklist), errors };
}

/**
 * What a document says, of a visit in progress or one that is sent.
 * @param {VisitDocument} document
 * @param {FirstVisit | null} first
 * @returns {Promise<SeenVisit | null>}
 */
export async function seen(document, first) {
  const bundle = await loadBundle();
  if (!bundle) return null;
  const checklist = await fetchChecklist(document.checklist);
  const day = dayOf(document.started_at);
  const establishment = place(bundle, document.establishment);
  return {
    document,
    day,
    bundle,
    place: establishment,
    title: establishment?.name ?? document.establishment,
    checklist: asOf(checklist, day),
    result: scored(checklist, day, document, first),
  };
}
