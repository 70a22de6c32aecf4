/* Uploads that go on where the network broke off: in chunks with their digests, after tus 1.0 (docs/reference/uploads.md).
   The address of an unfinished upload is kept on this device for a day, under what tells the file apart. */
(() => {
  "use strict";
  const CHUNK = 512 * 1024, DAY = 24 * 3600 * 1000, KEPT = "tongban-upload:", TROUBLES_MAX = 8;
  const kept = (key) => { try { const one = JSON.parse(localStorage.getItem(key)); return one && Date.now() - one.at < DAY ? one.url : ""; } catch { return ""; } };
  const keep = (key, url) => { try { localStorage.setItem(key, JSON.stringify({ url, at: Date.now() })); } catch { /* private window: no resuming after a reload */ } };
  const forget = (key) => { try { localStorage.removeItem(key); } catch { /* as above */ } };
  const forgetOld = () => { try { for (const key of Object.keys(localStorage)) if (key.startsWith(KEPT) && !kept(key)) localStorage.removeItem(key); } catch { /* as above */ } };
  const digest = async (bytes) => "sha256 " + btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))));
  /* until the net is back, or a little longer each time */
  const pause = (tries, signal) => new Promise((go) => {
    const done = () => { clearTimeout(timer); window.removeEventListener("online", done); signal.removeEventListener("abort", done); go(); };
    const timer = setTimeout(done, Math.min(1000 * 2 ** tries, 15000));
    window.addEventListener("online", done); signal.addEventListener("abort", done);
  });
  class Refused extends Error {}

  async function refusal(answer) {
    let words = "";
    try { words = (await answer.json()).title || ""; } catch { /* no problem document */ }
    return new Refused(words);
  }

  /* sends one file; gives the id of the upload */
  async function one(form, file, on, signal) {
    const token = form.querySelector("input[name=csrfmiddlewaretoken]").value, target = form.dataset.upload;
    const key = KEPT + [form.action, (form.elements.key || form.elements.material || {}).value, file.name, file.size, file.lastModified].join("|");
    const ask = (url, method, more = {}) => fetch(url, { ...more, method, signal, redirect: "error", headers: { "X-CSRFToken": token, ...more.headers } });
    let url = kept(key), offset = -1, troubles = 0;
    const begin = async () => {
      const body = new FormData();
      body.set("name", file.name); body.set("size", file.size);
      const answer = await ask(target, "POST", { body });
      if (answer.status !== 201) { if (answer.status < 500) throw await refusal(answer); throw new Error(String(answer.status)); }
      url = answer.headers.get("Location"); offset = 0; keep(key, url);
    };
    const look = async () => {
      const answer = await ask(url, "HEAD");
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (!answer.ok || answer.headers.get("Upload-Used") || Number(answer.headers.get("Upload-Length")) !== file.size) { url = ""; forget(key); } else offset = Number(answer.headers.get("Upload-Offset"));
    };
    const send = async () => {
      const bytes = await file.slice(offset, offset + CHUNK).arrayBuffer();
      const headers = { "Upload-Offset": String(offset), "Upload-Checksum": await digest(bytes), "Content-Type": "application/offset+octet-stream" };
      const answer = await ask(url, "PATCH", { body: bytes, headers });
      if (answer.status === 404 || answer.status === 409 || answer.status === 460) { offset = -1; if (++troubles > TROUBLES_MAX) throw await refusal(answer); return; }
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (!answer.ok) throw await refusal(answer);
      offset = Number(answer.headers.get("Upload-Offset")); troubles = 0; on.progress(offset);
    };
    for (let tries = 0; ;) {
      try {
        if (!url) await begin();
        else if (offset < 0) await look();
        else if (offset < file.size) await send();
        else return { id: url.split("/").pop(), key, name: file.name };
        tries = 0;
      } catch (trouble) {
        if (signal.aborted) { if (url) { forget(key); fetch(url, { method: "DELETE", headers: { "X-CSRFToken": token } }).catch(() => {}); } throw trouble; }
        if (trouble instanceof Refused) { forget(key); throw trouble; }
        offset = -1; on.waiting(); await pause(tries++, signal);
      }
    }
  }

  /* sends files one after the other; `on` has progress(percent) and waiting(); cancel() ends it all */
  window.tongbanResume = (form, files, on) => {
    const ends = new AbortController();
    forgetOld();
    const run = async () => {
      const total = files.reduce((sum, file) => sum + file.size, 0) || 1, done = [];
      let before = 0;
      for (const file of files) {
        done.push(await one(form, file, { progress: (bytes) => on.progress(Math.round((before + bytes) / total * 100)), waiting: on.waiting }, ends.signal));
        before += file.size;
      }
      return done;
    };
    return { done: run(), cancel: () => ends.abort(), forget: (sent) => sent.forEach((one) => forget(one.key)), pause: (tries) => pause(tries, ends.signal) };
  };
})();
