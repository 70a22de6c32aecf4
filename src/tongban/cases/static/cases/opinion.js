/* Stock phrases go to the cursor of the opinion, by a click or Alt and a digit; without it they are added by the server. */
(() => {
  "use strict";
  const put = (button) => {
    const box = button.form.elements[button.dataset.into];
    box.setRangeText(button.dataset.phrase, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-phrase]");
    if (!button) return;
    event.preventDefault();
    button.closest("details").open = false;
    put(button);
  });
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!event.altKey || !box.form || box.tagName !== "TEXTAREA" || !/^Digit[1-9]$/.test(event.code)) return;
    const button = box.form.querySelectorAll("[data-phrase]")[Number(event.code.slice(5)) - 1];
    if (button && button.dataset.into === box.name) { event.preventDefault(); put(button); }
  });
})();
