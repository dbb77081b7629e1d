import { SignIn } from "./sign-in.js";

/** @type {import("../logic/router.js").Route<() => any>[]} */
export const routes = [{ pattern: "/", screen: SignIn }];
