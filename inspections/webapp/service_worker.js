// Keeps the shell of the app: its page and every file that the page can ask for. Data is the
// page's own business. VERSION and ASSETS are put before this text by the server.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const PREFIX = "shell-";
const SHELL = PREFIX + VERSION;
const PAGE = "/app/";

worker.addEventListener("install", (event) => event.waitUntil(keepShell()));

worker.addEventListener("activate", (event) => event.waitUntil(dropOthers()));

// A new version waits until the page says that nothing is open.
worker.addEventListener("message", (event) => {
  if (event.data === "activate") event.waitUntil(worker.skipWaiting());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) {
    event.respondWith(fromShell(PAGE, request));
  } else if (ASSETS.includes(url.pathname)) {
    event.respondWith(fromShell(url.pathname, request));
  }
});

async function keepShell() {
  const cache = await caches.open(SHELL);
  const page = await fetch(PAGE, { cache: "reload" });
  const text = await page.clone().text();
  // The server may have been replaced since it gave out this worker: no mixed shell.
  if (!page.ok || !text.includes(`content="${VERSION}"`)) throw new Error("another version");
  await cache.addAll(ASSETS);
  await cache.put(PAGE, page);
}

async function dropOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/**
 * @param {string} path
 * @param {Request} request
 */
async function fromShell(path, request) {
  const cache = await caches.open(SHELL);
  return (await cache.match(path)) ?? fetch(request);
}
