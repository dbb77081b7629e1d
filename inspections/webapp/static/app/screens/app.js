// The screen of the present address, for whoever is signed in.

import { language, t } from "../logic/i18n.js";
import { listen } from "../logic/live.js";
import { address, follow, match } from "../logic/router.js";
import { account, start } from "../logic/session.js";
import { activate } from "../logic/update.js";
import { useEffect, useState } from "../vendor/preact-hooks.js";
import { html } from "./html.js";
import { open, routes } from "./routes.js";

let isWaiting = false;
/** @type {() => void} */
let tell = () => {};

/** Called when a new version of the app waits. */
export function waits() {
  isWaiting = true;
  tell();
}

export function App() {
  const [at, setAt] = useState(address());
  const [, again] = useState(0);
  useEffect(() => {
    tell = () => again((count) => count + 1);
    const stop = listen(["session"], () => void start().then(tell));
    const end = follow((to) => {
      setAt(to);
      scrollTo(0, 0);
    });
    addEventListener("language", tell);
    return () => {
      stop();
      end();
      removeEventListener("language", tell);
    };
  }, []);
  const me = account();
  const found = match(at, me ? routes : open) ?? { screen: (me ? routes : open)[0].screen, params: {} };
  return html`
    ${isWaiting && html`<${Update} />`}
    <${found.screen} key=${`${me?.username} ${language()} ${me ? at : ""}`} ...${found.params} />
  `;
}

function Update() {
  const [isHeld, setHeld] = useState(false);
  const update = async () => setHeld(!(await activate()));
  return html`<div class="notice update" role="status">
    <p>${t(isHeld ? "update.held" : "update.waiting")}</p>
    <button type="button" onClick=${update}>${t("update.now")}</button>
  </div>`;
}
