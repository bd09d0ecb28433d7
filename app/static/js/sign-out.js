// form[data-sign-out]: before the server ends the session, this device forgets: drafts, photos that were not sent, and, by
// the worker, its push address and the kept feed.
import { dropAll } from "./drafts.js";
import { dropAllPhotos } from "./unsent-photos.js";
import { tellWorker } from "./worker.js";

const PATIENCE_MS = 3000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-sign-out]") || event.defaultPrevented) return;
  event.preventDefault();
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  Promise.race([forget(), patience]).then(() => form.submit());
});

async function forget() {
  dropAll();
  await Promise.allSettled([tellWorker({ type: "sign-out" }), dropAllPhotos()]);
}
