// The entry. What every page needs is imported at once; a behaviour with markup of its own when that markup is there.
import "./double-tap.js";
import "./drafts.js";
import "./go-back.js";
import "./htmx-requests.js";
import "./once-form.js";
import "./page-owner.js";
import "./show-more.js";
import "./sign-out.js";
import "./toast.js";
import "./worker.js";

const BEHAVIOURS = [
  "concreteness-meter",
  "draft-form",
  "heeded-tips",
  "install-prompt",
  "kept-words",
  "new-items",
  "offline-banner",
  "photo-picker",
  "push-toggle",
  "share-button",
];

// Without a network the page works as it stands, and the next look at it tries again.
const bring = (name) => import(`./${name}.js`).catch(() => {});

function load(root) {
  for (const name of BEHAVIOURS) {
    if (!customElements.get(name) && root.querySelector(name)) bring(name);
  }
}

load(document);
// A push is tapped only where they are allowed; the switch that allows them brings it along.
if (globalThis.Notification?.permission === "granted") bring("news");
document.addEventListener("htmx:afterSwap", () => load(document));
