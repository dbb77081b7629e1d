/** @type {Record<import("../logic/i18n.js").Key, string>} */
export const en = {
  "signin.title": "Sign in",
  "signin.username": "User name",
  "signin.password": "Password",
  "signin.submit": "Sign in",
  "update.waiting": "There is a new version of the app.",
  "update.now": "Update",
};
