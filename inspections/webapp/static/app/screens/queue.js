// The truth about what is not on the server yet.

import { handIn, isPossible } from "../logic/hand-in.js";
import { t } from "../logic/i18n.js";
import { discard, exportItem, list, reopen, retry, settle } from "../logic/outbox.js";
import { go } from "../logic/router.js";
import { account } from "../logic/session.js";
import { shortCode } from "../logic/shortcode.js";
import { current, now } from "../logic/sync.js";
import { useState } from "../vendor/preact-hooks.js";
import { useLive } from "./hooks.js";
import { html } from "./html.js";
import { Notice, Sure } from "./parts.js";
import { Frame, Wait } from "./shell.js";
import { problem, time, word } from "./words.js";

export function Queue() {
  const items = useLive(["outbox"], () => list());
  const state = useLive(["sync"], async () => current());
  if (!items || !state) return html`<${Wait} />`;
  const shown = items.filter(({ op }) => op !== "inspection.discard");
  return html`<${Frame} title=${t("nav.queue")} here="/queue">
    <p>${shown.length ? t("queue.count", { count: shown.length }) : t("queue.empty")}</p>
    ${account()?.asleep &&
    html`<${Notice} kind="warn">
      <p>${t("queue.asleep")}</p>
      <a class="button" href="#/sign-in">${t("signin.title")}</a>
      ${shown.length > 0 && isPossible() && html`<${HandIn} />`}
    <//>`}
    ${state.problem &&
    state.problem.code !== "asleep" &&
    html`<${Notice} kind="warn">
      <p>${state.problem.title || problem(state.problem.code)}</p>
      ${state.pausedUntil && html`<p>${t("queue.paused", { time: time(state.pausedUntil) })}</p>`}
    <//>`}
    <p class="hint">
      ${state.lastSuccess
        ? t("status.heard", { time: time(state.lastSuccess) })
        : t("queue.neverheard")}
    </p>
    <button type="button" disabled=${state.sending} onClick=${() => now("asked")}>
      ${t(state.sending ? "status.sending" : "queue.now")}
    </button>
    <ul class="list">
      ${shown.map((item) => html`<${Entry} key=${item.id} item=${item} />`)}
    </ul>
  <//>`;
}

/** For an account that cannot sign in any more: the department takes what waits. */
function HandIn() {
  const [told, setTold] = useState("");
  const give = async () => {
    setTold(t("status.sending"));
    try {
      setTold(t("queue.handedin", { count: await handIn() }));
    } catch (error) {
      const { title, message } = /** @type {Error & {title?: string}} */ (error);
      setTold(title || problem(message));
    }
  };
  return html`<p>${t("queue.handinhint")}</p>
    <button type="button" onClick=${give}>${t("queue.handin")}</button>
    <p role="status">${told}</p>`;
}

/** @param {{item: OutboxItem}} props */
function Entry({ item }) {
  const { id, op, title, state, reason, created_at, photos, missing, lost, tries } = item;
  const isStuck = state === "rejected" || state === "conflict" || state === "photos_lost";
  const save = async () => {
    const url = URL.createObjectURL(await exportItem(id));
    const link = Object.assign(document.createElement("a"), {
      href: url,
      download: `${shortCode(id)}.json`,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
  const mend = async () => {
    await reopen(id);
    go(`/visit/${id}/review`);
  };
  return html`<li class="group">
    <h2>${title || word("op", op)}</h2>
    <p class="hint">${word("op", op)} · ${shortCode(id)} · ${time(created_at)}</p>
    <p class=${isStuck ? "bad" : ""}><b>${word("state", state)}</b></p>
    ${photos.length > 0 &&
    html`<p>${t("queue.photos", {
      sent: missing ? photos.length - missing.length - lost.length : 0,
      count: photos.length,
    })}</p>`}
    ${reason &&
    html`<p class="bad">${reason.title || problem(reason.code)}</p>
      ${reason.errors.length > 0 && html`<p>${t("queue.errors", { count: reason.errors.length })}</p>`}
      <p class="hint">${t("queue.code", { code: reason.code, id: reason.request_id })}</p>`}
    ${lost.map(({ code }) => html`<p class="bad">${problem(code)}</p>`)}
    ${tries > 0 && html`<p class="hint">${t("queue.tries", { tries })}</p>`}
    <div class="pair">
      ${state === "rejected" && op === "inspection.submit"
        ? html`<button type="button" class="main" onClick=${mend}>${t("queue.mend")}</button>`
        : html`<button type="button" onClick=${() => retry(id)}>${t("queue.retry")}</button>`}
      <button type="button" onClick=${save}>${t("queue.export")}</button>
      ${state === "photos_lost" &&
      html`<button type="button" onClick=${() => settle(id)}>${t("queue.settle")}</button>`}
    </div>
    ${op === "inspection.submit" && html`<p><a href=${`#/sent/${id}`}>${t("queue.show")}</a></p>`}
    ${isStuck &&
    html`<${Sure}
      label=${t("queue.discard")}
      sure=${t("queue.discardsure", { title })}
      act=${() => discard(id)}
    />`}
  </li>`;
}
