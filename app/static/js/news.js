// A push was tapped, and the worker asks this window to go there. A window in which something would be lost stays, and
// shows a link instead: a photo on its way, text that is not sent.
import { words } from "./page.js";
import { toast } from "./toast.js";

const TYPED = "textarea, input:not([type]), input[type=text], input[type=email], input[type=search], input[type=number], input[type=date]";

navigator.serviceWorker?.addEventListener("message", ({ data, ports }) => {
  if (data.type !== "news") return;
  ports[0].postMessage("here");
  if (location.href === data.url) return;
  if (wouldLose()) toast(data.title, { stays: true, link: { url: data.url, text: words("news") } });
  else location.assign(data.url);
});

const BELL = '.icon-btn[href="/inbox"]';

// The bell and the inbox ask again; what the inbox shows counts as read, so not behind another window.
let isBehind = false;
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data.type === "push-shown") tellPage();
});
document.addEventListener("visibilitychange", () => isBehind && tellPage());

function tellPage() {
  isBehind = document.hidden;
  if (isBehind) return;
  document.body.dispatchEvent(new CustomEvent("push-shown"));
  const bell = document.querySelector(BELL);
  if (bell) htmx.ajax("GET", "/inbox/bell", { target: bell, swap: "outerHTML" });
}

// The app's own icon shows what the bell shows; in the inbox, where there is no bell, everything has been seen.
function countOnIcon() {
  const count = parseInt(document.querySelector(`${BELL} .dot`)?.textContent ?? "0", 10);
  navigator.setAppBadge?.(count).catch(() => {});
}

countOnIcon();
document.addEventListener("htmx:afterSwap", countOnIcon);

function wouldLose() {
  const forms = [...document.querySelectorAll('form[method="post"]')];
  return Boolean(document.querySelector("photo-picker .shot.waiting")) || forms.some((form) => form.dataset.sending || holdsMore(form));
}

// More than what came with the page.
function holdsMore(form) {
  const chosen = [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length);
  return chosen || [...form.querySelectorAll(TYPED)].some((field) => field.value !== field.defaultValue);
}
