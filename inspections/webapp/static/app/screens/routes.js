// Which screen stands at which address.

import { BagReturn } from "./bag-return.js";
import { Closing } from "./closing.js";
import { Conflicts } from "./conflicts.js";
import { Finding } from "./finding.js";
import { Handover } from "./handover.js";
import { Home } from "./home.js";
import { Measures } from "./measures.js";
import { Place } from "./place.js";
import { Queue } from "./queue.js";
import { Records } from "./records.js";
import { Review } from "./review.js";
import { SectionScreen } from "./section.js";
import { Sent } from "./sent.js";
import { Settings } from "./settings.js";
import { Sign } from "./sign.js";
import { SignIn } from "./sign-in.js";
import { Stalls } from "./stalls.js";
import { Stall } from "./stall.js";
import { Start } from "./start.js";
import { Summary } from "./summary.js";
import { VisitScreen } from "./visit.js";

/** @typedef {import("../logic/router.js").Route<(props: any) => any>[]} Routes */

/** @type {Routes} for whoever is not signed in */
export const open = [
  { pattern: "/", screen: SignIn },
  { pattern: "/link/:code", screen: SignIn },
];

/** @type {Routes} */
export const routes = [
  { pattern: "/", screen: Home },
  { pattern: "/link/:code", screen: SignIn },
  { pattern: "/sign-in", screen: SignIn },
  { pattern: "/place/:code", screen: Place },
  { pattern: "/place/:code/bags", screen: BagReturn },
  { pattern: "/start/:code", screen: Start },
  { pattern: "/start/:code/:assignment", screen: Start },
  { pattern: "/finding/:id", screen: Finding },
  { pattern: "/visit/:id", screen: VisitScreen },
  { pattern: "/visit/:id/section/:section", screen: SectionScreen },
  { pattern: "/visit/:id/section/:section/item/:item", screen: SectionScreen },
  { pattern: "/visit/:id/stalls", screen: Stalls },
  { pattern: "/visit/:id/stall/:stall", screen: Stall },
  { pattern: "/visit/:id/stall/:stall/section/:section", screen: SectionScreen },
  { pattern: "/visit/:id/stall/:stall/section/:section/item/:item", screen: SectionScreen },
  { pattern: "/visit/:id/measures", screen: Measures },
  { pattern: "/visit/:id/closing", screen: Closing },
  { pattern: "/visit/:id/summary", screen: Summary },
  { pattern: "/visit/:id/review", screen: Review },
  { pattern: "/visit/:id/sign", screen: Sign },
  { pattern: "/visit/:id/conflicts", screen: Conflicts },
  { pattern: "/visit/:id/handover", screen: Handover },
  { pattern: "/sent/:id", screen: Sent },
  { pattern: "/queue", screen: Queue },
  { pattern: "/records", screen: Records },
  { pattern: "/settings", screen: Settings },
];
