// HTMX: the token on every request, and a word when one fails (the text itself is kept by draft-form).
import { csrfToken, noteSession, renewToken, words } from "./page.js";
import { toast } from "./toast.js";

const SIGN_IN = "/login";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

// A question that comes along while one writes does not take the writer away, as the answer's HX-Redirect would: sending
// does, and then the text is kept.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { elt, requestConfig, xhr } = event.detail;
  if (xhr.status !== 401 || requestConfig.verb !== "get" || !elt.closest("draft-form")) return;
  event.preventDefault();
  noteSession(xhr.status);
  toast(words("session"), { stays: true, link: { url: SIGN_IN, text: words("signIn") } });
  document.addEventListener("visibilitychange", renewOnReturn); // the link opens another tab
});

const renewOnReturn = () => document.visibilityState === "visible" && renewToken();

document.addEventListener("htmx:responseError", async (event) => {
  const { elt, xhr } = event.detail;
  const { status } = xhr;
  noteSession(status);
  if (status === 401) return; // the answer carries HX-Redirect to the sign-in page
  if (status === 400 && !elt.dataset.renewed && (await renewToken())) {
    elt.dataset.renewed = "true"; // once: a second refusal has another reason
    return elt.matches("form") ? elt.requestSubmit() : elt.click();
  }
  const refusal = xhr.getResponseHeader("X-Refusal"); // says who may not, and until when
  if (refusal) return toast(decodeURIComponent(refusal), { stays: true });
  toast(words(status === 429 ? "slow" : "failed"), { stays: true });
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => toast(words(navigator.onLine ? "failed" : "offline"), { stays: true }));
}
