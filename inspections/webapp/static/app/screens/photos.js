// Photos of an answer: taken, shown small, taken away.

import { t } from "../logic/i18n.js";
import { addPhoto, camera, removePhoto } from "../logic/drafts.js";
import { get } from "../logic/photos.js";
import { blob } from "../logic/session.js";
import { useEffect, useRef, useState } from "../vendor/preact-hooks.js";
import { html } from "./html.js";

/** @param {{draft: Draft, at: At, photos: string[]}} props */
export function Photos({ draft, at, photos }) {
  return html`<${PhotoRow}
    name=${at.item}
    photos=${photos}
    before=${() => camera(draft.id, at)}
    after=${() => camera(draft.id, null)}
    add=${(/** @type {File} */ file) => addPhoto(draft.id, at, file)}
    remove=${(/** @type {string} */ sha256) => removePhoto(draft.id, at, sha256)}
  />`;
}

/**
 * `before` is awaited: what is kept then is there when the camera ends the browser.
 * @param {{name: string, photos: string[], before?: () => unknown, after?: () => unknown,
 *   add: (file: File) => unknown, remove: (sha256: string) => unknown}} props
 */
export function PhotoRow({ name, photos, before, after, add, remove }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [state, setState] = useState("");
  const open = async () => {
    await before?.();
    input.current?.click();
  };
  const taken = async () => {
    const files = [...(input.current?.files ?? [])];
    setState(files.length ? t("photo.saving") : "");
    try {
      for (const file of files) await add(file);
      setState("");
    } catch {
      setState(t("photo.unreadable"));
    }
    if (input.current) input.current.value = "";
  };
  return html`<div class="photos">
    ${photos.map(
      (sha256, index) => html`<figure key=${sha256}>
        <${Photo} sha256=${sha256} alt=${t("photo.of", { number: index + 1, item: name })} />
        <button
          type="button"
          aria-label=${t("photo.removeone", { number: index + 1, item: name })}
          onClick=${() => remove(sha256)}
        >
          ${t("photo.remove")}
        </button>
      </figure>`,
    )}
    <button type="button" class="camera" onClick=${open}>
      ${t(photos.length ? "photo.another" : "photo.take")}<span class="unseen"> ${name}</span>
    </button>
    <input
      ref=${input}
      type="file"
      accept="image/*"
      capture="environment"
      hidden
      onChange=${taken}
      onCancel=${() => after?.()}
    />
    ${state && html`<p class="hint" role="status">${state}</p>`}
  </div>`;
}

/** @param {{sha256: string, alt: string}} props */
export function Photo({ sha256, alt }) {
  const [url, setUrl] = useState("");
  // Who saves data sees what is on the phone, and the rest when asked for.
  const [isAsked, setAsked] = useState(!(/** @type {any} */ (navigator).connection?.saveData));
  useEffect(() => {
    let made = "";
    const show = async () => {
      const far = () => blob(`evidence/${sha256}/thumbnail/`).catch(() => null);
      const found = (await get(sha256)) ?? (isAsked ? await far() : null);
      if (found) setUrl((made = URL.createObjectURL(found)));
    };
    void show();
    return () => URL.revokeObjectURL(made);
  }, [sha256, isAsked]);
  if (url) return html`<img src=${url} alt=${alt} />`;
  return isAsked
    ? html`<span class="noimage">${alt}</span>`
    : html`<button type="button" class="noimage" onClick=${() => setAsked(true)}>${alt}</button>`;
}
