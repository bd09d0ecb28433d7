// A page is for one person. It goes when the browser turns out to be somebody else's: when another has signed in (the
// worker says so to all tabs), and when it comes back by Back from the browser's memory, where no server is asked.
import { person } from "./page.js";
import { tellWorker } from "./worker.js";

const NOBODY = "none";
const isKept = () => "keptAt" in document.body.dataset;

function leaveUnlessFor(owner) {
  if (!owner || !person() || owner === person()) return;
  // Who was signed out may be in the middle of a text and sign in again in another tab; a kept page is only to be read.
  if (owner !== NOBODY || isKept()) location.reload();
}

navigator.serviceWorker?.addEventListener("message", ({ data }) => data.type === "owner" && leaveUnlessFor(data.owner));
tellWorker({ type: "whose" }).then(leaveUnlessFor); // it may have said so while this page was on its way

// Out of sight before it goes into that memory, so that it does not show for a moment when it comes back.
window.addEventListener("pagehide", ({ persisted }) => {
  if (persisted && person()) document.documentElement.dataset.away = "";
});

window.addEventListener("pageshow", async ({ persisted }) => {
  if (!persisted || !person()) return;
  if ((await owner()) === person()) delete document.documentElement.dataset.away;
  else location.reload();
});

const owner = async () => (await tellWorker({ type: "whose" })) ?? (await fetch("/owner").then((answer) => answer.text(), () => NOBODY));
