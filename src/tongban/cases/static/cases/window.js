// The window: answers refresh the page when they were tapped; fields of an applicant's kind and of the agent appear.
(() => {
  "use strict";
  const start = () => {
    const answers = document.querySelector("[data-answers]");
    if (answers) {
      // Only a tap or click goes on by itself: arrow keys pass over answers, and Enter sends them.
      let tapped = false;
      answers.addEventListener("pointerdown", () => { tapped = true; });
      answers.addEventListener("keydown", () => { tapped = false; });
      answers.addEventListener("change", (event) => {
        if (tapped && event.target.type === "radio") event.target.form.requestSubmit(answers.querySelector("button[name=go]"));
      });
    }
    const parties = document.querySelector("form[data-parties]");
    if (parties) {
      const show = () => {
        const body = new FormData(parties), kind = body.get("kind");
        for (const part of parties.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== kind;
        parties.querySelector("[data-agent]").hidden = body.get("by_agent") !== "yes";
      };
      parties.addEventListener("change", show);
      show();
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
