// A new version of the app waits until nothing is open in any tab.

const OPEN = "draft-open";

/**
 * Registers the service worker and says when another version waits.
 * @param {() => void} waits called once for each version that waits
 * @returns {Promise<ServiceWorkerRegistration | null>} null where the browser has none
 */
export async function watch(waits) {
  if (!("serviceWorker" in navigator)) return null;
  const workers = navigator.serviceWorker;
  let isControlled = Boolean(workers.controller);
  workers.addEventListener("controllerchange", () => {
    // The first worker of all takes over the page that installed it: nothing has changed.
    if (isControlled) location.reload();
    isControlled = true;
  });
  const registration = await workers.register("/app/sw.js", { scope: "/app/" });
  const look = () => {
    if (registration.waiting && workers.controller) waits();
  };
  look();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
  return registration;
}

/**
 * Lets the waiting version take over, unless something is open; every tab then reloads.
 * @returns {Promise<boolean>} false where a draft is open in some tab
 */
export async function activate() {
  const registration = await navigator.serviceWorker.getRegistration("/app/");
  return navigator.locks.request(OPEN, { ifAvailable: true }, (lock) => {
    if (lock) registration?.waiting?.postMessage("activate");
    return Boolean(lock);
  });
}

/**
 * Holds back new versions while a draft is open.
 * @returns {() => void} lets them come again
 */
export function keepOpen() {
  let release = () => {};
  const released = new Promise((resolve) => (release = () => resolve(undefined)));
  void navigator.locks.request(OPEN, { mode: "shared" }, () => released);
  return release;
}
