/* Small, unobtrusive: every page works without it. No framework, no inline handlers; hooks are data attributes.
   data-copy            copy button                     data-dialog / data-dialog-close   open and close <dialog>
   form[data-autosave]  posts itself while one types    form[data-guard]                  warns before leaving unsaved
   form[data-upload]    uploads, with resume.js        [data-grid] on a table or list  j k Enter x
   data-marked          says how many rows are marked
   data-list, data-to-list  a list, and the link back to it as it was
   data-read            reads a part of the page aloud  data-menu                         closes its siblings */
(() => {
  "use strict";
  const doc = document;
  /* what the script says, in the language of the page: attributes of its own tag (base/parts/scripts.html) */
  const told = doc.currentScript.dataset;
  doc.documentElement.classList.add("has-script");
  const $$ = (selector, root = doc) => Array.from(root.querySelectorAll(selector));
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(checkbox|radio|button|submit)$/.test(el.type));

  /* toasts */
  function toast(words) {
    let place = doc.querySelector(".toasts");
    if (!place) { place = doc.createElement("div"); place.className = "toasts"; place.setAttribute("aria-live", "polite"); doc.body.append(place); }
    const note = doc.createElement("div");
    note.className = "toast"; note.textContent = words;
    place.append(note);
    setTimeout(() => note.remove(), 6000);
  }

  /* copy */
  async function copy(button) {
    try { await navigator.clipboard.writeText(button.dataset.copy); }
    catch { const box = doc.createElement("textarea"); box.value = button.dataset.copy; box.className = "sr"; doc.body.append(box); box.select(); doc.execCommand("copy"); box.remove(); }
    const label = button.querySelector("span"), before = label.textContent;
    label.textContent = button.dataset.copied; button.classList.add("is-done");
    setTimeout(() => { label.textContent = before; button.classList.remove("is-done"); }, 2500);
  }

  /* dialogs: <a href="#id" data-dialog>; the browser keeps the focus inside and gives it back */
  function openDialog(id) {
    const dialog = doc.getElementById(id);
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
  }

  doc.addEventListener("click", (event) => {
    const copier = event.target.closest("[data-copy]");
    if (copier) { copy(copier); return; }
    const opener = event.target.closest("[data-dialog]");
    if (opener) { event.preventDefault(); openDialog((opener.dataset.dialog || opener.hash || "").replace("#", "")); return; }
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) { const d = closer.closest("dialog"); if (d && d.open) { event.preventDefault(); d.close(); } return; }
    const reader = event.target.closest("[data-read]");
    if (reader) { readAloud(reader); return; }
    for (const menu of $$("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  /* double submission and leaving with unsaved work */
  const dirty = new WeakSet();
  const stamp = (form) => new URLSearchParams(new FormData(form)).toString();
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get" || form.method === "dialog" || form.hasAttribute("data-again")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1"; dirty.delete(form);
    const button = event.submitter;
    /* after the browser has read the form: a disabled button would take its name out of it */
    setTimeout(() => { if (button) { button.setAttribute("aria-busy", "true"); button.classList.add("is-sending"); } }, 0);
    setTimeout(() => release(form), 15000);
  });
  function release(form) {
    delete form.dataset.sent;
    for (const b of $$("[aria-busy]", form)) { b.removeAttribute("aria-busy"); b.classList.remove("is-sending"); }
  }
  window.addEventListener("pageshow", (event) => { if (event.persisted) $$("form[data-sent]").forEach(release); });
  doc.addEventListener("input", (event) => { const form = event.target.form; if (form && form.hasAttribute("data-guard")) dirty.add(form); });
  window.addEventListener("beforeunload", (event) => { if ($$("form[data-guard]").some((f) => dirty.has(f))) event.preventDefault(); });

  /* autosave: form[data-autosave="/url"] posts its fields; words go to the element of id data-saved */
  function autosave(form) {
    let last = stamp(form), timer = 0, running = false;
    const place = doc.getElementById(form.dataset.saved || "saved");
    const say = (words, failed) => { if (place) { place.textContent = words; place.classList.toggle("is-failed", Boolean(failed)); } };
    async function save() {
      const now = stamp(form);
      if (running || now === last || form.dataset.sent) return;
      running = true;
      try {
        const body = new FormData(form);
        for (const [name, value] of Array.from(body)) if (value instanceof File) body.delete(name);
        body.set("autosave", "1");
        const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "X-Requested-With": "autosave" }, keepalive: true });
        /* a redirect leads to the log-in page: nothing was saved */
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        last = now; dirty.delete(form);
        const at = new Date();
        say((form.dataset.savedWords || told.saved) + " " + at.getHours() + ":" + String(at.getMinutes()).padStart(2, "0"));
      } catch { say(form.dataset.failedWords || told.notSaved, true); timer = setTimeout(save, 8000); }
      finally { running = false; }
    }
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 1200); });
    form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(save, 200); });
    doc.addEventListener("visibilitychange", () => { if (doc.hidden) save(); });
    window.addEventListener("online", save);
  }

  /* uploads: form[data-upload] with one .drop; sends at once, shows progress, then loads what the server answers;
     form[data-pages] lays photographs in a tray first (pages.js) and sends them with `more` */
  function upload(form) {
    const inputs = $$("input[type=file]", form), zone = form.querySelector("[data-drop]");
    if (!inputs.length || !zone) return;
    const clear = () => { for (const input of inputs) input.value = ""; };
    const send = (files, more) => {
      if (!files.length || form.dataset.sent) return;
      form.dataset.sent = "1";
      const row = doc.createElement("div"), name = doc.createElement("p"), bar = doc.createElement("progress");
      row.className = "file"; name.className = "file__name"; bar.className = "bar"; bar.max = 100; bar.value = 0;
      bar.setAttribute("aria-label", told.progress);
      name.textContent = files.map((f) => f.name).join("、");
      const pic = doc.createElement("span"); pic.className = "file__pic"; pic.textContent = (files[0].name.split(".").pop() || "").slice(0, 4).toUpperCase();
      const words = doc.createElement("p"); words.className = "file__meta"; words.setAttribute("role", "status"); words.textContent = told.uploading + " 0%";
      const middle = doc.createElement("div"); middle.append(name, words, bar);
      const stop = doc.createElement("button"); stop.type = "button"; stop.className = "btn btn--plain btn--sm"; stop.textContent = told.cancel;
      row.append(pic, middle, stop); zone.after(row);
      let request = null, sending = null;
      const failed = (why) => { row.classList.add("is-error"); words.textContent = why; stop.remove(); bar.remove(); release(form); clear(); };
      stop.addEventListener("click", () => { if (sending) sending.cancel(); if (request) request.abort(); row.remove(); release(form); clear(); });
      const progress = (p) => { bar.value = p; words.textContent = p < 100 ? told.uploading + " " + p + "%" : told.checking; };
      const post = (body, cut) => {
        request = new XMLHttpRequest();
        request.upload.addEventListener("progress", (e) => { if (e.lengthComputable && !sending) progress(Math.round(e.loaded / e.total * 100)); });
        request.addEventListener("error", cut);
        request.addEventListener("load", () => {
          if (request.status >= 500) { failed(told.failed); return; }
          if (request.status === 413) { failed(told.tooLarge); return; }
          if (request.status >= 400 && !(request.getResponseHeader("Content-Type") || "").includes("html")) { failed(told.reload); return; }
          if (request.status >= 400) { show(request.responseText); return; }
          /* without the fragment, so that the page is loaded; reload() would post again what this page answered */
          location.href = (request.responseURL || location.href).split("#")[0];
        });
        request.open("POST", form.action); request.send(body);
      };
      const body = new FormData(form);
      body.delete("file");
      for (const [key, value] of Object.entries(more || {})) body.set(key, value);
      if (!form.dataset.upload || !window.tongbanResume || !window.crypto.subtle) { for (const file of files) body.append("file", file); post(body, () => failed(told.cutOff)); return; }
      /* in chunks first, then the form with their ids; a form sent twice stores nothing twice */
      const waiting = () => { words.textContent = told.waiting; };
      sending = window.tongbanResume(form, files, { progress, waiting });
      sending.done.then((sent) => {
        for (const one of sent) { body.append("upload", one.id); body.append("name-" + one.id, one.name); }
        let tries = 0;
        const again = () => { waiting(); sending.pause(tries++).then(() => { if (row.isConnected) post(body, again); }); };
        sending.forget(sent); progress(100); post(body, again);
      }).catch((trouble) => { if (row.isConnected) failed(trouble.message || told.failed); });
    };
    /* a refused form comes back as a whole page: show its body in place, with its errors */
    const show = (html) => { const page = new DOMParser().parseFromString(html, "text/html"); const fresh = page.getElementById("main"); if (fresh) { doc.getElementById("main").replaceWith(fresh); start(fresh); } else location.reload(); };
    const take = (chosen, camera) => {
      const files = Array.from(chosen);
      if (form.hasAttribute("data-pages") && window.tongbanPages && window.tongbanPages(form, zone, files, camera, send)) clear(); else send(files);
    };
    for (const input of inputs) input.addEventListener("change", () => take(input.files, input.hasAttribute("capture")));
    for (const kind of ["dragenter", "dragover"]) zone.addEventListener(kind, (e) => { e.preventDefault(); zone.classList.add("is-over"); });
    for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("is-over"));
    zone.addEventListener("drop", (e) => { e.preventDefault(); take(e.dataTransfer.files, false); });
  }

  /* a zone whose file goes with its form shows what was chosen */
  function choosing(zone) {
    const input = zone.querySelector("input[type=file]"), word = zone.querySelector(".drop__word");
    if (!word || (input.form && input.form.hasAttribute("data-upload"))) return;
    const before = word.textContent;
    input.addEventListener("change", () => { const names = Array.from(input.files, (f) => f.name); zone.classList.toggle("is-chosen", names.length > 0); word.textContent = names.join("、") || before; });
    for (const kind of ["dragenter", "dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.toggle("is-over", kind === "dragenter"));
  }

  /* grids: j k move, Enter opens, x marks */
  function move(step) {
    const rows = $$("table[data-grid] tbody tr:not(.band), ul[data-grid] > li");
    if (!rows.length) return;
    const at = rows.findIndex((r) => r.classList.contains("is-at"));
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    for (const row of rows) { row.classList.toggle("is-at", row === next); row.toggleAttribute("aria-current", row === next); }
    next.scrollIntoView({ block: "nearest" });
    const link = next.querySelector("a"); if (link) link.focus({ preventScroll: true });
  }
  /* single keys can be switched off (WCAG 2.1.4); the choice stays on this device */
  const KEYS = "tongban-keys";
  const keysOn = () => { try { return localStorage.getItem(KEYS) !== "off"; } catch { return true; } };
  const row = () => doc.querySelector("[data-grid] .is-at");
  const keys = {
    j: () => move(1), k: () => move(-1),
    x: () => { const box = row() && row().querySelector("input[type=checkbox]"); if (box) { box.checked = !box.checked; box.dispatchEvent(new Event("change", { bubbles: true })); } },
    Enter: (event) => { const link = row() && row().querySelector("a"); if (link && !event.target.closest("a,button,summary,input")) link.click(); },
    "/": () => { const box = doc.querySelector('[data-key="/"]'); if (box) { box.focus(); box.select(); } },
    "?": () => openDialog("keys"),
    "[": () => { const a = doc.querySelector('[data-key="["], a[rel="prev"]'); if (a) a.click(); },
    "]": () => { const a = doc.querySelector('[data-key="]"], a[rel="next"]'); if (a) a.click(); },
  };
  /* data-key="a" on a link, button or summary makes a single key of it */
  /* from a case back to the list as it was filtered, at the row one had opened; kept in this tab only */
  const LIST = "tongban-list";
  const kept = (key, value) => { try { if (value === undefined) return sessionStorage.getItem(key); sessionStorage.setItem(key, value); } catch { /* no storage: the link leads to the whole list */ } return null; };
  function backToList(root) {
    const list = root.querySelector("[data-list]"), here = location.pathname + location.search;
    for (const link of $$("a[data-to-list]", root)) { const there = kept(LIST); if (there && there.split("?")[0] === link.pathname) link.href = there; }
    if (!list) return;
    const rows = $$("table[data-grid] tbody tr:not(.band)", root), at = Number(kept(LIST + "-at") || -1);
    if (kept(LIST) === here && at >= 0 && rows.length) { const row = rows[Math.min(at, rows.length - 1)]; row.classList.add("is-at"); row.setAttribute("aria-current", "true"); row.scrollIntoView({ block: "nearest" }); }
    kept(LIST, here); kept(LIST + "-at", -1);
    const batch = doc.getElementById("marked"); if (batch) batch.addEventListener("submit", () => kept(LIST + "-at", rows.findIndex((row) => row.classList.contains("is-at"))));
    for (const [index, row] of rows.entries()) row.addEventListener("click", (event) => { if (event.target.closest("a")) kept(LIST + "-at", index); });
  }
  /* how many rows are marked, beside the acts for them */
  function countMarked() {
    const place = doc.querySelector("[data-marked]"), n = $$("input[name=key]:checked").length;
    if (!place) return;
    place.dataset.none = place.dataset.none || place.textContent;
    place.textContent = n ? place.dataset.marked.replace("%", n) : place.dataset.none;
  }
  doc.addEventListener("change", (event) => { if (event.target.name === "key") countMarked(); });
  window.addEventListener("pageshow", countMarked);
  /* an act on marked rows is for the row one is at when nothing is marked */
  const marking = (el) => { const at = row() && row().querySelector("input[name=key]"); if (el.form && el.form.id === "marked" && at && !doc.querySelector("input[name=key]:checked")) at.checked = true; };
  const pressable = (key) => { const el = doc.querySelector('[data-key="' + key + '"]'); return el && (() => { marking(el); el.click(); }); };
  doc.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of $$("details[data-menu][open]")) { menu.open = false; menu.querySelector("summary").focus(); }
      if (typing(doc.activeElement)) doc.activeElement.blur();
      return;
    }
    if (!keysOn() && event.key !== "Enter") return;
    if (!doc.body.classList.contains("desk") || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || doc.querySelector("dialog[open]")) return;
    const act = keys[event.key] || (/^[a-z]$/.test(event.key) && pressable(event.key));
    if (!act) return;
    if (event.key !== "Enter") event.preventDefault();
    act(event);
  });

  /* signature pad: [data-sign] with a canvas three times as wide as high; strokes of points between 0 and 1 go, as JSON,
     to the hidden input `strokes` of its form */
  function signPad(pad) {
    const canvas = pad.querySelector("canvas"), pen = canvas.getContext("2d");
    const place = pad.dataset.sign || "strokes", form = pad.closest("form"), out = form && form.querySelector('input[name="' + place + '"]');
    if (!out) return;
    pad.hidden = false;
    let strokes = [], stroke = null;
    const point = (e) => { const r = canvas.getBoundingClientRect(); return [(e.clientX - r.left) / r.width, (e.clientY - r.top) / r.height].map((n) => Math.round(Math.min(Math.max(n, 0), 1) * 1e4) / 1e4); };
    const ink = () => { pen.lineWidth = 3; pen.lineCap = pen.lineJoin = "round"; pen.strokeStyle = "#1b2430"; };
    const line = (a, b) => { ink(); pen.beginPath(); pen.moveTo(a[0] * canvas.width, a[1] * canvas.height); pen.lineTo(b[0] * canvas.width, b[1] * canvas.height); pen.stroke(); };
    const full = () => strokes.length >= 200 || strokes.reduce((n, s) => n + s.length, stroke.length) >= 1990;
    const keep = () => { out.value = strokes.length ? JSON.stringify(strokes) : ""; out.dispatchEvent(new Event("input", { bubbles: true })); };
    canvas.addEventListener("pointerdown", (e) => { e.preventDefault(); canvas.setPointerCapture(e.pointerId); stroke = [point(e)]; });
    canvas.addEventListener("pointermove", (e) => { if (!stroke || full()) return; const next = point(e), last = stroke[stroke.length - 1]; if (Math.hypot(next[0] - last[0], next[1] - last[1]) < 0.006) return; line(last, next); stroke.push(next); });
    const lift = () => { if (!stroke) return; if (stroke.length === 1) { stroke.push(stroke[0]); line(stroke[0], stroke[0]); } strokes.push(stroke); stroke = null; keep(); };
    canvas.addEventListener("pointerup", lift); canvas.addEventListener("pointercancel", lift);
    const clear = pad.querySelector("[data-sign-clear]");
    if (clear) clear.addEventListener("click", () => { strokes = []; pen.clearRect(0, 0, canvas.width, canvas.height); keep(); });
  }

  /* read aloud, sentence by sentence; a second press stops */
  function readAloud(button) {
    const speech = window.speechSynthesis, label = button.querySelector("span");
    if (speech.speaking) { speech.cancel(); return; }
    const words = doc.querySelector(button.dataset.read).innerText.replace(/\s*\n+\s*/g, "。").split(/(?<=[。！？；])/);
    const before = label.textContent, done = () => { label.textContent = before; };
    label.textContent = button.dataset.stop;
    words.filter((w) => w.trim()).forEach((w, i, all) => {
      const say = new SpeechSynthesisUtterance(w);
      say.lang = doc.documentElement.lang; say.rate = 0.9; say.onerror = done;
      if (i === all.length - 1) say.onend = done;
      speech.speak(say);
    });
  }

  function start(root) {
    for (const b of $$("[data-copy][hidden]", root)) b.hidden = false;
    if ("speechSynthesis" in window) for (const bar of $$("[data-read-bar]", root)) bar.hidden = false;
    $$("form[data-autosave]", root).forEach(autosave);
    $$("form[data-upload]", root).forEach(upload);
    backToList(root);
    $$("[data-drop]", root).forEach(choosing);
    $$("[data-sign]", root).forEach(signPad);
    for (const box of $$("[data-check-all]", root)) box.addEventListener("change", () => { for (const c of $$("tbody input[type=checkbox]", box.closest("table"))) c.checked = box.checked; countMarked(); });
    for (const select of $$("[data-submit-on-change]", root)) select.addEventListener("change", () => select.form.requestSubmit());
    for (const b of $$("[data-print]", root)) { b.hidden = false; b.addEventListener("click", () => window.print()); }
    for (const label of $$("[data-keys]", root)) {
      const box = label.querySelector("input");
      label.hidden = false; box.checked = keysOn();
      box.addEventListener("change", () => { try { localStorage.setItem(KEYS, box.checked ? "on" : "off"); } catch { /* private window: the keys stay on */ } });
    }
    const summary = root.querySelector("[data-focus]"); if (summary) summary.focus();
  }
  start(doc);
  const aimed = location.hash && doc.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (aimed && aimed.tagName === "DIALOG") openDialog(aimed.id);
  doc.addEventListener("htmx:afterSwap", (event) => start(event.detail.target));
  doc.addEventListener("htmx:configRequest", (event) => { const t = doc.querySelector("input[name=csrfmiddlewaretoken]"); if (t) event.detail.headers["X-CSRFToken"] = t.value; });
  doc.addEventListener("htmx:sendError", () => toast(told.offline));
  doc.addEventListener("htmx:afterRequest", (event) => { const f = event.detail.elt.closest && event.detail.elt.closest("form"); if (f) release(f); });
  if ("serviceWorker" in navigator && !doc.body.classList.contains("desk")) window.addEventListener("load", () => navigator.serviceWorker.register("/offline.js").catch(() => {}));
})();
