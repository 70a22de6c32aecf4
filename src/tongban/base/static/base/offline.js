/* Service worker: keeps one page for when the net is gone. It never stores what a person typed or saw. */
const KEPT = "tongban-offline-1";
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(KEPT);
    const page = await fetch("/offline/", { credentials: "omit" });
    const html = await page.clone().text();
    const styles = Array.from(html.matchAll(/href="([^"]+\.css)"/g), (m) => m[1]);
    await cache.put("/offline/", page);
    await cache.addAll(styles);
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((n) => n !== KEPT).map((n) => caches.delete(n)))));
});
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate" && event.request.method === "GET") {
    event.respondWith(fetch(event.request).catch(() => caches.match("/offline/")));
  } else if (event.request.destination === "style") {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
  }
});
