// Language, this phone, the other phones of the account, and the way out.

import { t } from "../logic/i18n.js";
import { go } from "../logic/router.js";
import { account, nameDevice, send, signOut, thisDevice } from "../logic/session.js";
import { current } from "../logic/sync.js";
import { APP } from "../logic/version.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { useLive } from "./hooks.js";
import { html } from "./html.js";
import { LanguageChoice } from "./language.js";
import { Sure, Text } from "./parts.js";
import { Frame } from "./shell.js";
import { time } from "./words.js";

const MB = 1024 * 1024;

export function Settings() {
  const me = account();
  const device = useLive(["session"], thisDevice);
  const state = useLive(["sync"], async () => current());
  const leave = async () => {
    go("/", { replace: true });
    await signOut();
  };
  return html`<${Frame} title=${t("settings.title")} here="/settings">
    <p><b>${me?.full_name}</b> · ${me?.title || me?.username}</p>
    ${me?.asleep && html`<p><a class="button" href="#/sign-in">${t("signin.title")}</a></p>`}
    <${LanguageChoice} />
    <h2>${t("settings.device")}</h2>
    ${device &&
    html`<${Text}
      label=${t("settings.name")}
      value=${device.name}
      hint=${t("settings.namehint")}
      save=${nameDevice}
    />`}
    <${Storage} />
    <p class="hint">${t("settings.version", { version: APP })}</p>
    <h2>${t("settings.devices")}</h2>
    <${Devices} />
    <h2>${t("settings.leave")}</h2>
    <p>${t(state?.waiting ? "settings.leavewaiting" : "settings.leavehint", { count: state?.waiting ?? 0 })}</p>
    <button type="button" onClick=${leave}>${t("settings.leave")}</button>
  <//>`;
}

function Storage() {
  const [kept, setKept] = useState({ is: false, used: 0, quota: 0 });
  const look = async () => {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    setKept({ is: await navigator.storage.persisted(), used: usage, quota });
  };
  useEffect(() => void look(), []);
  const ask = async () => {
    await navigator.storage.persist();
    await look();
  };
  const amount = (/** @type {number} */ bytes) => String(Math.round(bytes / MB));
  return html`<p>${t(kept.is ? "storage.safe" : "storage.unsafe")}</p>
    <p class="hint">${t("storage.used", { used: amount(kept.used), quota: amount(kept.quota) })}</p>
    ${!kept.is && html`<button type="button" onClick=${ask}>${t("storage.ask")}</button>`}`;
}

function Devices() {
  const [devices, setDevices] = useState(/** @type {any[] | null} */ (null));
  const [told, setTold] = useState("");
  const look = async () => {
    try {
      const { json } = await send("GET", "auth/devices/");
      const { id } = await thisDevice();
      const rows = json.results.filter((/** @type {any} */ one) => !one.revoked_at);
      setDevices(
        rows.map((/** @type {any} */ one) => ({ ...one, isThis: one.identifier === id })),
      );
      setTold("");
    } catch {
      setTold(t("network.needed"));
    }
  };
  const revoke = async (/** @type {string} */ id) => {
    try {
      await send("POST", `auth/devices/${id}/revoke/`);
    } catch {
      setTold(t("network.needed"));
    }
    await look();
  };
  return html`
    ${!devices && html`<button type="button" onClick=${look}>${t("records.ask")}</button>`}
    <p class="hint" role="status">${told}</p>
    <ul class="list">
      ${(devices ?? []).map(
        (one) => html`<li class="group">
          <p><b>${one.name || t("settings.unnamed")}</b></p>
          <p class="hint">
            ${t("settings.seen", { time: time(one.last_seen_at) })}
            ${one.queue_length > 0 && ` · ${t("status.waiting", { waiting: one.queue_length })}`}
          </p>
          ${one.isThis
            ? html`<p>${t("settings.this")}</p>`
            : html`<${Sure}
                label=${t("settings.revoke")}
                sure=${t("settings.revokesure", { name: one.name || t("settings.unnamed") })}
                act=${() => revoke(one.id)}
              />`}
        </li>`,
      )}
    </ul>
  `;
}
