export const APP = "1.0.0";

/**
 * Whether the server would like a newer app; it takes what this one sends all the same.
 * @param {Bundle} bundle
 */
export function isOld({ min_client }) {
  return APP.localeCompare(min_client, "en", { numeric: true }) < 0;
}
