// Looking at materials: zoom, turn, page by page, beside the form. Without it the pages lie below each other.
(() => {
  "use strict";
  const start = () => {
    const sheets = document.querySelector("[data-viewer]"), tools = document.querySelector("[data-viewer-tools]");
    if (!sheets || !tools) return;
    const leaves = Array.from(sheets.querySelectorAll("[data-leaf]"));
    const at = tools.querySelector("[data-at]"), shown = tools.querySelector("[data-zoom]");
    const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
    let zoom = 2, turn = 0, now = 0;
    const lay = () => {
      sheets.style.setProperty("--zoom", ZOOMS[zoom]);
      shown.textContent = Math.round(ZOOMS[zoom] * 100) + "%";
      for (const leaf of leaves) {
        const inside = leaf.querySelector(".leaf__in"), picture = leaf.querySelector("img");
        const ratio = picture.naturalWidth ? picture.naturalHeight / picture.naturalWidth : 1.414;
        const side = turn % 180 !== 0;
        leaf.classList.toggle("is-turned", turn !== 0);
        inside.style.transform = turn ? "rotate(" + turn + "deg)" + (side ? " scale(" + 1 / ratio + ")" : "") : "";
        const width = inside.offsetWidth;
        inside.style.marginBlock = side ? (width / ratio - width * ratio) / 2 + "px" : "";
        if (ZOOMS[zoom] > 1.25 && picture.complete && !picture.src.includes("size=large")) picture.src = leaf.querySelector("a").href;
      }
    };
    const go = (number) => {
      now = Math.min(Math.max(number, 0), leaves.length - 1);
      at.textContent = now + 1 + " / " + leaves.length;
      leaves[now].scrollIntoView({ block: "start" });
    };
    const acts = {
      before: () => go(now - 1), after: () => go(now + 1),
      in: () => { zoom = Math.min(zoom + 1, ZOOMS.length - 1); lay(); },
      out: () => { zoom = Math.max(zoom - 1, 0); lay(); },
      fit: () => { zoom = 2; lay(); },
      turn: () => { turn = (turn + 90) % 360; lay(); },
      beside: (button) => {
        const on = document.querySelector(".case").classList.toggle("is-beside");
        button.setAttribute("aria-pressed", on);
        lay();
      },
    };
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) acts[button.dataset.do](button);
    });
    const keys = { "+": "in", "=": "in", "-": "out", 0: "fit" };
    document.addEventListener("keydown", (event) => {
      let on = true;
      try { on = localStorage.getItem("tongban-keys") !== "off"; } catch { /* a browser without storage keeps its keys */ }
      if (!on || !keys[event.key] || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
      event.preventDefault();
      acts[keys[event.key]]();
    });
    for (const leaf of leaves) {
      const picture = leaf.querySelector("img");
      const failed = () => { leaf.querySelector(".leaf__fail").hidden = false; leaf.querySelector(".leaf__in").hidden = true; };
      picture.addEventListener("error", failed);
      picture.addEventListener("load", () => { if (turn) lay(); });
      if (picture.complete && !picture.naturalWidth && picture.getAttribute("src") && picture.loading !== "lazy") failed();
    }
    const seen = new Map();
    const watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) seen.set(entry.target, entry.intersectionRatio);
      const best = leaves.reduce((a, b) => ((seen.get(b) || 0) > (seen.get(a) || 0) ? b : a), leaves[0]);
      now = leaves.indexOf(best);
      at.textContent = now + 1 + " / " + leaves.length;
    }, { threshold: [0, 0.25, 0.5, 0.75, 1] });
    for (const leaf of leaves) watcher.observe(leaf);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
