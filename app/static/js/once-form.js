// A second tap while a form is being sent does nothing. The server would see through it too; this spares the wait.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sending) return event.preventDefault();
  form.dataset.sending = "true";
  // After this turn: a disabled button's name and value would not be sent.
  setTimeout(() => mark(form, true));
});

// Back from the browser's cache, or from a download: the form is alive again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));

document.addEventListener("htmx:beforeRequest", (event) => mark(event.target, true));
document.addEventListener("htmx:afterRequest", (event) => mark(event.target, false));

function release(form) {
  delete form.dataset.sending;
  mark(form, false);
}

function mark(form, sending) {
  if (!(form instanceof HTMLFormElement)) return;
  for (const button of form.querySelectorAll('button[type="submit"], button:not([type])')) {
    if (sending) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}
