import { useState } from "../vendor/preact-hooks.js";

/**
 * What is being written, kept on the phone until it is handed in: a reload loses nothing.
 * @template T
 * @param {string} name
 * @param {T} empty
 * @returns {[T, (change: (known: T) => T) => void, () => void]} value, setter, forgetter
 */
export function useKept(name, empty) {
  const [value, setValue] = useState(() => {
    const kept = localStorage.getItem(name);
    return /** @type {T} */ (kept ? { ...empty, ...JSON.parse(kept) } : empty);
  });
  const change = (/** @type {(known: T) => T} */ by) =>
    setValue((known) => {
      const changed = by(known);
      localStorage.setItem(name, JSON.stringify(changed));
      return changed;
    });
  return [value, change, () => localStorage.removeItem(name)];
}
