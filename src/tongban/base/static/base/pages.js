/* Pages before they become one PDF: moved, turned, taken away. Markup: base/components/leaf.html and tray.html.
   ol[data-leaves]   pages that lie on the page already: hidden fields turn-… and order-… follow what is done
   tongbanPages(…)   photographs of a form[data-pages], in a tray of its own until they are sent */
(() => {
  "use strict";
  const doc = document, PAGES_MAX = 30;
  const leavesOf = (list) => Array.from(list.querySelectorAll(".leaf"));
  const turnOf = (leaf) => Number(leaf.dataset.turn || 0);

  /* numbers, names of buttons, and fields that are posted, after every change */
  function settle(list) {
    const leaves = leavesOf(list);
    leaves.forEach((leaf, at) => {
      const number = leaf.querySelector(".leaf__no");
      number.textContent = list.dataset.page.replace("{n}", at + 1);
      for (const button of leaf.querySelectorAll("[data-leaf]")) button.setAttribute("aria-label", number.textContent + " " + button.title);
      leaf.querySelector("[data-leaf=back]").disabled = at === 0;
      leaf.querySelector("[data-leaf=on]").disabled = at === leaves.length - 1;
      leaf.querySelector(".leaf__pic").style.setProperty("--turn", turnOf(leaf) + "deg");
      for (const field of leaf.querySelectorAll("[name^=turn-], [name^=order-]")) field.value = field.name.startsWith("turn-") ? turnOf(leaf) : at + 1;
    });
    const count = doc.getElementById(list.dataset.count || "");
    if (count) count.textContent = leaves.length;
    list.dispatchEvent(new CustomEvent("leaves", { detail: leaves.length }));
  }

  function act(list, button) {
    const leaf = button.closest(".leaf"), what = button.dataset.leaf;
    if (what === "turn") leaf.dataset.turn = (turnOf(leaf) + 90) % 360;
    if (what === "back" && leaf.previousElementSibling) leaf.previousElementSibling.before(leaf);
    if (what === "on" && leaf.nextElementSibling) leaf.nextElementSibling.after(leaf);
    const next = what === "drop" ? leaf.nextElementSibling || leaf.previousElementSibling : leaf;
    if (what === "drop") leaf.remove();
    settle(list);
    if (next) { const same = next.querySelector("[data-leaf=" + what + "]"); (same.disabled ? next.querySelector("[data-leaf=turn]") : same).focus(); }
  }

  function watch(list) {
    list.addEventListener("click", (event) => { const button = event.target.closest("[data-leaf]"); if (button) act(list, button); });
    settle(list);
  }

  const isPicture = (file) => /^image\/(jpeg|png)$/.test(file.type);
  const copy = (id) => doc.getElementById(id).content.firstElementChild.cloneNode(true);

  function open(form, zone, send) {
    const tray = copy("tray-template"), list = tray.querySelector("ol");
    const shut = () => { for (const leaf of leavesOf(list)) URL.revokeObjectURL(leaf.querySelector("img").src); tray.remove(); };
    const doing = {
      cancel: shut,
      apart: () => send(leavesOf(list).map((leaf) => leaf.file)),
      together: () => { const leaves = leavesOf(list); send(leaves.map((leaf) => leaf.file), { together: "1", turns: leaves.map(turnOf).join(",") }); },
    };
    tray.addEventListener("click", (event) => { const button = event.target.closest("[data-tray]"); if (button && !form.dataset.sent) doing[button.dataset.tray](); });
    watch(list);
    list.addEventListener("leaves", (event) => {
      if (!event.detail) { shut(); return; }
      /* what was turned can only be told of a page */
      tray.querySelector("[data-tray=apart]").hidden = event.detail < 2 || leavesOf(list).some(turnOf);
    });
    (form.querySelector(".camera") || zone).after(tray);
    return tray;
  }

  /* whether the tray takes these files: photographs from the camera, several pictures, or any while it is open */
  window.tongbanPages = (form, zone, files, camera, send) => {
    const pictures = files.filter(isPicture), lies = form.querySelector(".tray");
    if (!pictures.length || (!lies && (pictures.length < files.length || (!camera && pictures.length < 2)))) return false;
    const said = pictures.length < files.length ? "other" : (lies ? leavesOf(lies).length : 0) + pictures.length > PAGES_MAX ? "full" : "";
    const list = lies ? lies.querySelector("ol") : doc.createElement("ol");
    const fresh = pictures.slice(0, PAGES_MAX - leavesOf(list).length).map((file) => {
      const leaf = copy("leaf-template");
      leaf.file = file; leaf.querySelector("img").src = URL.createObjectURL(file);
      return leaf;
    });
    const tray = lies || open(form, zone, send);
    const place = tray.querySelector("ol"), words = tray.querySelector("[role=status]");
    place.append(...fresh);
    settle(place);
    words.textContent = said ? words.dataset[said] : "";
    if (fresh.length) fresh[fresh.length - 1].scrollIntoView({ block: "nearest" });
    return true;
  };

  for (const list of doc.querySelectorAll("ol[data-leaves]")) watch(list);
})();
