// The service worker: registered once the page is there, told its language and which photos the feed shows, asked to
// forget at sign-out.
import { person } from "./page.js";

const PATH = "/service-worker.js";

// What the worker answers; undefined when there is none, or when it takes longer than that.
export async function tellWorker(message, patienceMs = 2000) {
  const registration = await navigator.serviceWorker?.getRegistration();
  const worker = registration?.active;
  if (!worker) return undefined;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  worker.postMessage(message, [port2]);
  return Promise.race([answer, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
}

async function start() {
  await navigator.serviceWorker.register(PATH, { updateViaCache: "none" });
  await navigator.serviceWorker.ready;
  tellWorker({ type: "language", language: document.documentElement.lang });
  if (!person()) return;
  if (location.pathname === "/") keepFeedPhotos();
  // Without permission there is nothing to mend, and most phones never load the rest.
  if (globalThis.Notification?.permission === "granted") await (await import("./push.js")).mend();
}

function keepFeedPhotos() {
  const shown = [...document.querySelectorAll("main img")].map((image) => image.currentSrc || image.src);
  const urls = shown.filter((url) => url.startsWith(location.origin) && !new URL(url).pathname.startsWith("/static/"));
  tellWorker({ type: "feed-photos", owner: person(), urls });
}

if (navigator.serviceWorker) {
  document.addEventListener("session-over", () => tellWorker({ type: "session-over" }));
  const whenIdle = () => start().catch(() => {}); // no worker (private mode, plain http): the pages work without it
  if (document.readyState === "complete") whenIdle();
  else window.addEventListener("load", whenIdle, { once: true });
}
