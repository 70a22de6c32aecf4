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
    // Marking: drag a rectangle on a page; offsets count inside the page, however it is turned or enlarged.
    const marker = tools.querySelector('[data-do="mark"]');
    const marking = (on) => { sheets.classList.toggle("is-marking", on); marker.setAttribute("aria-pressed", on); };
    acts.mark = () => marking(!sheets.classList.contains("is-marking"));
    for (const hint of marker ? sheets.querySelectorAll("[data-mark-hint]") : []) hint.hidden = false;
    const SVG = "http://www.w3.org/2000/svg";
    const draw = (leaf) => {
      const inside = leaf.querySelector(".leaf__in");
      let from = null, rect = null, box = null;
      inside.addEventListener("click", (event) => { if (sheets.classList.contains("is-marking")) event.preventDefault(); });
      inside.addEventListener("dragstart", (event) => event.preventDefault());
      inside.addEventListener("pointerdown", (event) => {
        if (!sheets.classList.contains("is-marking") || event.button !== 0) return;
        event.preventDefault();
        inside.setPointerCapture(event.pointerId);
        from = [event.offsetX / inside.offsetWidth, event.offsetY / inside.offsetHeight];
        for (const old of sheets.querySelectorAll(".is-new")) old.remove();
        const svg = document.createElementNS(SVG, "svg");
        svg.setAttribute("class", "leaf__marks is-new");
        rect = document.createElementNS(SVG, "rect");
        svg.append(rect); inside.append(svg);
      });
      inside.addEventListener("pointermove", (event) => {
        if (!from) return;
        const part = (value) => Math.min(Math.max(value, 0), 1);
        const to = [part(event.offsetX / inside.offsetWidth), part(event.offsetY / inside.offsetHeight)];
        box = [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1])];
        ["x", "y", "width", "height"].forEach((name, at) => rect.setAttribute(name, box[at] * 100 + "%"));
      });
      const done = () => {
        if (!from) return;
        from = null;
        if (!box || box[2] < 0.005 || box[3] < 0.005) return;
        marking(false);
        const part = sheets.querySelector('[data-mark-form="' + leaf.dataset.file + '"]');
        part.open = true;
        part.querySelector('[name="box"]').value = box.map((one) => one.toFixed(4)).join(",");
        part.querySelector('[name="page"]').value = leaf.dataset.leaf;
        part.querySelector("textarea").focus();
      };
      inside.addEventListener("pointerup", done);
      inside.addEventListener("pointercancel", () => { from = null; });
    };
    if (marker) for (const leaf of leaves) if (sheets.querySelector('[data-mark-form="' + leaf.dataset.file + '"]')) draw(leaf);
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
