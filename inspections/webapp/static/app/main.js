// Starts the app: the first screen at once, then the service worker.

import { follow, match } from "./logic/router.js";
import { watch } from "./logic/update.js";
import { html } from "./screens/html.js";
import { routes } from "./screens/routes.js";
import { render } from "./vendor/preact.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
root.replaceChildren();

follow((address) => {
  const found = match(address, routes) ?? { screen: routes[0].screen, params: {} };
  render(html`<${found.screen} ...${found.params} />`, root);
});
void watch(() => {});
