// Signature pad: strokes as points between 0 and 1 in a hidden field; without script one signs on paper.
(() => {
  "use strict";
  const POINTS_MAX = 1900, NEAR = 0.004;
  const start = (box) => {
    const pad = box.querySelector(".sign__pad"), canvas = box.querySelector("canvas"), field = box.querySelector("input[name=strokes]");
    let strokes = [], live = null;
    try { strokes = JSON.parse(field.value || "[]"); } catch { strokes = []; }
    pad.hidden = false;
    const draw = () => {
      const size = canvas.getBoundingClientRect(), scale = window.devicePixelRatio || 1;
      if (!size.width) return;
      canvas.width = size.width * scale; canvas.height = size.height * scale;
      const pen = canvas.getContext("2d");
      pen.lineWidth = 2.5 * scale; pen.lineCap = pen.lineJoin = "round"; pen.strokeStyle = "#1b2430";
      for (const stroke of strokes) {
        pen.beginPath();
        stroke.forEach(([x, y], at) => (at ? pen.lineTo(x * canvas.width, y * canvas.height) : pen.moveTo(x * canvas.width, y * canvas.height)));
        pen.stroke();
      }
    };
    const count = () => strokes.reduce((sum, one) => sum + one.length, 0);
    const keep = () => { field.value = strokes.length ? JSON.stringify(strokes) : ""; box.classList.toggle("is-signed", strokes.length > 0); };
    const place = (event) => {
      const size = canvas.getBoundingClientRect(), fit = (v) => Math.min(1, Math.max(0, Math.round(v * 1000) / 1000));
      return [fit((event.clientX - size.left) / size.width), fit((event.clientY - size.top) / size.height)];
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button || count() >= POINTS_MAX) return;
      event.preventDefault(); canvas.setPointerCapture(event.pointerId);
      live = [place(event)]; strokes.push(live);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!live || count() >= POINTS_MAX) return;
      const at = place(event), last = live[live.length - 1];
      if (Math.hypot(at[0] - last[0], at[1] - last[1]) < NEAR) return;
      live.push(at); draw();
    });
    const end = () => { if (live) { if (live.length === 1) live.push(live[0]); live = null; draw(); keep(); } };
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, end);
    box.querySelector("[data-sign-clear]").addEventListener("click", () => { strokes = []; draw(); keep(); });
    new ResizeObserver(draw).observe(canvas);
    keep(); draw();
  };
  const all = () => document.querySelectorAll("[data-sign]").forEach(start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all);
  else all();
})();
