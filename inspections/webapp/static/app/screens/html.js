// Markup as tagged templates: `html\`<p>${text}</p>\``.

import htm from "../vendor/htm.js";
import { h } from "../vendor/preact.js";

export const html = htm.bind(h);
