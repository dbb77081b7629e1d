import { language, setLanguage, t } from "../logic/i18n.js";
import { html } from "./html.js";
import { Radios } from "./parts.js";

/** Says `language` to the window when another one is chosen. */
export function LanguageChoice() {
  const pick = (/** @type {"vi" | "en"} */ to) => {
    setLanguage(to);
    document.documentElement.lang = to;
    dispatchEvent(new Event("language"));
  };
  const options = [
    ["vi", "Tiếng Việt"],
    ["en", "English"],
  ];
  return html`<${Radios}
    legend=${t("settings.language")}
    options=${options}
    value=${language()}
    pick=${pick}
  />`;
}
