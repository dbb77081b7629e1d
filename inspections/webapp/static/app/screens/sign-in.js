// With a password, or with the one-time code that the department shows.

import { Refused } from "../logic/api.js";
import { refresh } from "../logic/bundle.js";
import { t } from "../logic/i18n.js";
import { go } from "../logic/router.js";
import { account, accounts, signIn, signInByCode } from "../logic/session.js";
import { useState } from "../vendor/preact-hooks.js";
import { useLive } from "./hooks.js";
import { html } from "./html.js";
import { LanguageChoice } from "./language.js";
import { Notice } from "./parts.js";
import { Frame } from "./shell.js";

/** @param {{code?: string}} props */
export function SignIn({ code }) {
  const known = useLive(["session"], accounts) ?? [];
  const [username, setUsername] = useState(account()?.username ?? "");
  const [wrong, setWrong] = useState("");
  const [isBusy, setBusy] = useState(false);

  /** @param {() => Promise<unknown>} enter */
  const attempt = async (enter) => {
    setBusy(true);
    setWrong("");
    try {
      await enter();
      void refresh().catch(() => {}); // the first screen says where nothing came
      go("/", { replace: true });
    } catch (error) {
      setWrong(why(error, Boolean(code)));
    }
    setBusy(false);
  };
  /** @param {SubmitEvent & {currentTarget: HTMLFormElement}} event */
  const submit = (event) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password"));
    void attempt(() => signIn({ username: username.trim(), password }));
  };

  return html`<${Frame} title=${t("signin.title")} back=${account() ? "/" : undefined}>
    <p class="hint">${t("app.about")}</p>
    ${wrong && html`<${Notice} kind="bad">${wrong}<//>`}
    ${code
      ? html`<p>${t("signin.bycode")}</p>
          <button
            class="main"
            disabled=${isBusy}
            onClick=${() => attempt(() => signInByCode(code))}
          >
            ${t("signin.usecode")}
          </button>`
      : html`<form onSubmit=${submit}>
          <div class="field">
            <label for="username">${t("signin.username")}</label>
            <input
              id="username"
              value=${username}
              onInput=${(/** @type {any} */ e) => setUsername(e.currentTarget.value)}
              autocomplete="username"
              autocapitalize="none"
              spellcheck=${false}
              required
            />
          </div>
          <div class="field">
            <label for="password">${t("signin.password")}</label>
            <input
              id="password"
              name="password"
              type="password"
              autocomplete="current-password"
              required
            />
          </div>
          <button class="main" disabled=${isBusy}>${t("signin.title")}</button>
        </form>`}
    ${known.length > 0 &&
    html`<h2>${t("signin.known")}</h2>
      <ul class="list">
        ${known.map(
          (one) => html`<li>
            <button type="button" class="row" onClick=${() => setUsername(one.username)}>
              <b>${one.full_name}</b>
              <span>${one.waiting ? t("status.waiting", one) : t("status.sent")}</span>
            </button>
          </li>`,
        )}
      </ul>`}
    <${LanguageChoice} />
  <//>`;
}

/**
 * @param {unknown} error
 * @param {boolean} byCode
 */
function why(error, byCode) {
  if (!(error instanceof Refused)) return t("signin.unreachable");
  if (error.status === 429) return t("signin.slow", { seconds: error.retryAfter ?? 60 });
  return t(byCode ? "signin.badcode" : "signin.wrong");
}
