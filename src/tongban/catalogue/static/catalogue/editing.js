/* Nothing is checked any more once the form is on its way: the page is about to be left. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (form && form.hasAttribute("data-sent")) event.preventDefault();
});
