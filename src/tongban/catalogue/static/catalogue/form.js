// Hides fields whose condition over other fields does not hold. Without this script they show with a hint.
(() => {
  "use strict";
  const valuesOf = (form, name) =>
    new FormData(form).getAll(name).filter((value) => value !== "")
      .map((value) => (value === "yes" ? true : value === "no" ? false : value));
  const holds = (form, when) => {
    if (when.all) return when.all.every((part) => holds(form, part));
    if (when.any) return when.any.some((part) => holds(form, part));
    if (when.not) return !holds(form, when.not);
    if (!("field" in when)) return true; // answers are the server's to judge
    const values = valuesOf(form, when.field);
    if ("given" in when) return values.length > 0 === when.given;
    return values.some((value) => when.in.some((wanted) => wanted === value || String(wanted) === value));
  };
  const update = (form) => {
    for (const field of form.querySelectorAll("[data-when]")) {
      field.hidden = !holds(form, JSON.parse(field.dataset.when));
    }
  };
  const start = () => {
    const forms = new Set([...document.querySelectorAll("[data-when]")].map((field) => field.closest("form")));
    for (const form of forms) {
      if (!form) continue;
      update(form);
      form.addEventListener("change", () => update(form));
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
