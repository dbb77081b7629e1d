import { t } from "../logic/i18n.js";
import { html } from "./html.js";

export function SignIn() {
  return html`<main>
    <h1>${t("signin.title")}</h1>
    <form>
      <label>${t("signin.username")} <input name="username" autocomplete="username" /></label>
      <label>
        ${t("signin.password")}
        <input name="password" type="password" autocomplete="current-password" />
      </label>
      <button>${t("signin.submit")}</button>
    </form>
  </main>`;
}
