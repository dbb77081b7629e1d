// Addresses inside the app stand behind the "#", so that one page serves them all offline.

/**
 * @template T
 * @typedef {{pattern: string, screen: T}} Route
 */

/**
 * The first route that fits, with the values of its `:names`.
 * @template T
 * @param {string} address as `/visit/0193…/section/A`
 * @param {Route<T>[]} routes
 * @returns {{screen: T, params: Record<string, string>} | null}
 */
export function match(address, routes) {
  const given = split(address);
  for (const { pattern, screen } of routes) {
    const params = fit(split(pattern), given);
    if (params) return { screen, params };
  }
  return null;
}

/** The present address, `/` where there is none. */
export function address() {
  return location.hash.slice(1) || "/";
}

/**
 * @param {string} to
 * @param {{replace?: boolean}} [options] `replace`: the back button passes over the present one
 */
export function go(to, { replace = false } = {}) {
  if (replace) location.replace(`#${to}`);
  else location.hash = to;
}

/**
 * @param {(address: string) => void} told at once and at every change
 * @returns {() => void} stops it
 */
export function follow(told) {
  const tell = () => told(address());
  addEventListener("hashchange", tell);
  tell();
  return () => removeEventListener("hashchange", tell);
}

/** @param {string} address */
function split(address) {
  return address.split("/").filter(Boolean);
}

/**
 * @param {string[]} pattern
 * @param {string[]} given
 */
function fit(pattern, given) {
  if (pattern.length !== given.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [index, part] of pattern.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return params;
}
