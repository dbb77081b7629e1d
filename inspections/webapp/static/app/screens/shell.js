// What stands around every screen: heading, the line that tells the state, the bar at the bottom.

import { freshness } from "../logic/bundle.js";
import { isFull } from "../logic/db.js";
import { t } from "../logic/i18n.js";
import { account } from "../logic/session.js";
import { current } from "../logic/sync.js";
import { useEffect, useRef } from "../vendor/preact-hooks.js";
import { useLive } from "./hooks.js";
import { html } from "./html.js";
import { time } from "./words.js";

/** @param {{title: string, back?: string, bar?: unknown, here?: string, children?: unknown}} props */
export function Frame({ title, back, bar, here, children }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    document.title = `${title} – ${t("app.name")}`;
    // Readers of the screen hear where they are; who came to one item is taken there instead.
    if (!location.hash.includes("/item/")) heading.current?.focus({ preventScroll: true });
  }, [title]);
  return html`
    <header>
      ${back && html`<a class="back" href=${`#${back}`}>‹ ${t("nav.back")}</a>`}
      <h1 ref=${heading} tabindex="-1">${title}</h1>
    </header>
    ${account() && html`<${StatusLine} />`}
    <${NoRoom} />
    <main>${children}</main>
    ${bar ? html`<footer class="bar">${bar}</footer>` : here && html`<${Tabs} here=${here} />`}
  `;
}

/** @param {{here: string}} props */
function Tabs({ here }) {
  const state = useLive(["sync", "outbox"], async () => current());
  const tabs = /** @type {const} */ ([
    ["/", "nav.today"],
    ["/queue", "nav.queue"],
    ["/records", "nav.records"],
    ["/settings", "nav.settings"],
  ]);
  return html`<nav class="bar tabs" aria-label=${t("nav.label")}>
    ${tabs.map(
      ([to, text]) => html`<a href=${`#${to}`} aria-current=${to === here ? "page" : null}>
        ${to === "/" && account()?.role === "manager" ? t("nav.places") : t(text)}
        ${to === "/queue" && state?.waiting ? ` (${state.waiting})` : ""}
      </a>`,
    )}
  </nav>`;
}

/** The one thing that must not be overlooked: what was just done is not kept. */
function NoRoom() {
  const isNow = useLive(["room"], async () => isFull());
  return html`<div role="alert">${isNow && html`<p class="bad">${t("status.full")}</p>`}</div>`;
}

function StatusLine() {
  const state = useLive(["sync", "outbox"], async () => current());
  const data = useLive(["bundle"], freshness);
  const label = t("status.label");
  if (!state) return html`<nav class="status" aria-label=${label}><a href="#/queue">…</a></nav>`;
  const { waiting, sending, problem, lastSuccess } = state;
  const queue = waiting ? t("status.waiting", { waiting }) : t("status.sent");
  const network = problem
    ? t(problem.code === "asleep" ? "status.asleep" : "status.unreachable")
    : sending
      ? t("status.sending")
      : t("status.heard", { time: time(lastSuccess ?? data?.checkedAt) });
  const age = data ? t("status.data", { time: time(data.checkedAt) }) : t("status.nodata");
  return html`<nav class="status" aria-label=${label}>
    <a href="#/queue">
      <span><b>${queue}</b> · ${network}${problem || !data ? ` · ${age}` : ""}</span>
    </a>
  </nav>`;
}

/** Shown while the phone reads what it keeps. */
export function Wait() {
  return html`<p class="wait">${t("app.opening")}</p>`;
}
