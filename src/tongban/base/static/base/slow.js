/* The desk on a slow network: a list that is asked for and does not come says so, after a while what to do. */
(() => {
  "use strict";
  const doc = document, told = doc.currentScript.dataset;
  const LISTS = "[data-grid] a, .filters a, .tabs a, .pager a, .deskbar nav a, .shelf a";
  let place = null, timers = [];
  const say = (words) => {
    if (!place) { place = doc.createElement("p"); place.className = "slow"; place.setAttribute("role", "status"); doc.body.append(place); }
    place.textContent = words;
  };
  const stop = () => { timers.forEach(clearTimeout); timers = []; if (place) place.remove(); place = null; };
  const start = () => { stop(); timers = [setTimeout(say, 1500, told.slow), setTimeout(say, 20000, told.failed)]; };
  doc.addEventListener("click", (event) => {
    const link = event.target.closest(LISTS);
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    if (link.pathname + link.search === location.pathname + location.search && link.hash) return;
    start();
  });
  doc.addEventListener("submit", (event) => { if (!event.defaultPrevented && event.target.matches("#marked, .find, .filters form")) start(); });
  addEventListener("pageshow", stop);
})();
