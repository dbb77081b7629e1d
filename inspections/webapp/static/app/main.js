// Starts the app: who is signed in, the first screen, the queue, then the service worker.

import { language } from "./logic/i18n.js";
import { start } from "./logic/session.js";
import { start as startSync } from "./logic/sync.js";
import { watch } from "./logic/update.js";
import { App, waits } from "./screens/app.js";
import { html } from "./screens/html.js";
import { render } from "./vendor/preact.js";

const FIRST_LIST_MS = 3_000;
const root = /** @type {HTMLElement} */ (document.getElementById("app"));
document.documentElement.lang = language();
void start().then(() => {
  root.replaceChildren();
  render(html`<${App} />`, root);
  startSync();
  // Of a first start on a weak line, the list comes before what is kept for later.
  setTimeout(() => void watch(waits), navigator.serviceWorker?.controller ? 0 : FIRST_LIST_MS);
});
