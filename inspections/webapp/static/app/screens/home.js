// What there is to do today; for a manager, the own places.

import { Refused } from "../logic/api.js";
import { place as findPlace, refresh, search, today } from "../logic/bundle.js";
import { list as listDrafts } from "../logic/drafts.js";
import { t } from "../logic/i18n.js";
import { fetchDraft } from "../logic/mirror.js";
import { dayOf } from "../logic/moments.js";
import { go } from "../logic/router.js";
import { account } from "../logic/session.js";
import { shortCode } from "../logic/shortcode.js";
import { now } from "../logic/sync.js";
import { isOld } from "../logic/version.js";
import { useState } from "../vendor/preact-hooks.js";
import { useBundle, useLive } from "./hooks.js";
import { html } from "./html.js";
import { Badge, Notice, Row } from "./parts.js";
import { Frame, Wait } from "./shell.js";
import { day, time, word } from "./words.js";

const MOST = 200;

export function Home() {
  const bundle = useBundle();
  const drafts = useLive(["drafts"], listDrafts) ?? [];
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const me = account();
  const isManager = me?.role === "manager";
  if (bundle === undefined) return html`<${Wait} />`;
  const title = t(isManager ? "home.places" : "home.title");
  if (me?.role === "department") {
    return html`<${Frame} title=${title} here="/"><p>${t("home.department")}</p>
      <p><a href="/admin/">${t("home.office")}</a></p>
    <//>`;
  }
  if (!bundle) {
    return html`<${Frame} title=${title} here="/">
      <${Notice} kind="warn">${t("home.empty")}<//>
      <button class="main" onClick=${() => now("asked")}>${t("home.load")}</button>
    <//>`;
  }
  const all = today(bundle, dayOf(Date.now()));
  const found = new Set(search(bundle, text).map(({ code }) => code));
  /** @type {[import("../logic/i18n.js").Key, typeof all][]} */
  const groups = text.trim()
    ? [["home.found", all.filter(({ establishment }) => found.has(establishment?.code ?? ""))]]
    : [
        ["home.todo", all.filter(({ assignment }) => assignment)],
        [isManager ? "home.mine" : "home.others", all.filter(({ assignment }) => !assignment)],
      ];
  const here = new Set(drafts.map(({ id }) => id));
  const elsewhere = (bundle.drafts ?? []).filter(({ id }) => !here.has(id));
  const take = async (/** @type {string} */ id) => {
    try {
      await fetchDraft(id);
      go(`/visit/${id}`);
    } catch (error) {
      setProblem(error instanceof Refused ? error.title : t("network.needed"));
    }
  };
  return html`<${Frame} title=${title} here="/">
    <p class="hint">${me?.full_name} · ${day(dayOf(Date.now()))}</p>
    ${problem && html`<${Notice} kind="bad">${problem}<//>`}
    ${isOld(bundle) && html`<${Notice} kind="warn">${t("update.old")}<//>`}
    ${(drafts.length > 0 || elsewhere.length > 0) &&
    html`<h2>${t("home.drafts")}</h2>
      <ul class="list">
        ${drafts.map(
          ({ id, document, updated_at, conflicts }) => html`<${Row} to=${`/visit/${id}`}>
            <b>${findPlace(bundle, document.establishment)?.name ?? document.establishment}</b>
            <span>${word("kind", document.kind)} · ${t("home.changed", { time: time(updated_at) })}</span>
            ${conflicts.length > 0 && html`<span class="bad">${t("conflicts.title")}</span>`}
          <//>`,
        )}
        ${elsewhere.map(
          ({ id, establishment }) => html`<li>
            <button class="row" type="button" onClick=${() => take(id)}>
              <b>${findPlace(bundle, establishment)?.name ?? establishment}</b>
              <span>${t("home.elsewhere")} · ${shortCode(id)} · ${t("home.fetch")}</span>
            </button>
          </li>`,
        )}
      </ul>`}
    <div class="field">
      <label for="search">${t("home.search")}</label>
      <input
        id="search"
        type="search"
        value=${text}
        onInput=${(/** @type {any} */ e) => setText(e.currentTarget.value)}
        autocomplete="off"
      />
    </div>
    ${groups.every(([, rows]) => !rows.length) && html`<p>${t("home.nothing")}</p>`}
    ${groups
      .filter(([, rows]) => rows.length)
      .map(
        ([heading, rows]) => html`<h2>${t(heading)}</h2>
          <ul class="list">
            ${rows.slice(0, MOST).map(
              (row) => html`<${PlaceRow} ...${row} isManager=${isManager} />`,
            )}
          </ul>`,
      )}
    <button type="button" onClick=${() => refresh().catch(() => setProblem(t("network.needed")))}>
      ${t("home.refresh")}
    </button>
  <//>`;
}

/**
 * @param {{assignment: Assignment | null, establishment: Establishment | null, overdue: boolean,
 *   isManager: boolean}} props
 */
function PlaceRow({ assignment, establishment, overdue, isManager }) {
  const code = establishment?.code ?? assignment?.establishment ?? "";
  const to = isManager ? `/place/${code}` : `/start/${code}${assignment ? `/${assignment.id}` : ""}`;
  const open = establishment?.findings?.length ?? 0;
  return html`<${Row} to=${to}>
    <b>${establishment?.name ?? code}</b>
    ${assignment &&
    html`<span class=${overdue ? "bad" : "due"}>
      ${t(overdue ? "home.overdue" : "home.due", { day: day(assignment.due_on) })} ·
      ${" "}${word("kind", assignment.kind)}
    </span>`}
    <span>${establishment?.unit}</span>
    <span>
      ${establishment?.last
        ? html`<${Badge} verdict=${establishment.last.verdict} /> ${day(establishment.last.on)}
            ${establishment.last.disputed && ` · ${t("place.disputed")}`}`
        : t("place.never")}
      ${open > 0 && ` · ${t("place.open", { count: open })}`}
    </span>
  <//>`;
}
