// The service worker: registered once the page is there, told which photos the feed shows, asked to forget at sign-out.
import { person } from "./page.js";
import { mend } from "./push.js";

const PATH = "/service-worker.js";

export async function tellWorker(message, patienceMs = 2000) {
  const registration = await navigator.serviceWorker?.getRegistration();
  const worker = registration?.active;
  if (!worker) return;
  const { port1, port2 } = new MessageChannel();
  const done = new Promise((resolve) => (port1.onmessage = resolve));
  worker.postMessage(message, [port2]);
  await Promise.race([done, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
}

async function start() {
  await navigator.serviceWorker.register(PATH, { updateViaCache: "none" });
  if (!person()) return;
  await navigator.serviceWorker.ready;
  if (location.pathname === "/") keepFeedPhotos();
  await mend();
}

function keepFeedPhotos() {
  const shown = [...document.querySelectorAll("main img")].map((image) => image.currentSrc || image.src);
  const urls = shown.filter((url) => url.startsWith(location.origin) && !new URL(url).pathname.startsWith("/static/"));
  tellWorker({ type: "feed-photos", urls });
}

if (navigator.serviceWorker) {
  const whenIdle = () => start().catch(() => {}); // no worker (private mode, plain http): the pages work without it
  if (document.readyState === "complete") whenIdle();
  else window.addEventListener("load", whenIdle, { once: true });
}
