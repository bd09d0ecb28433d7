// A page that the worker had kept, and shows since the network is gone or slow: when it was kept, and the newer one.
import { serverAnswers } from "./server-answers.js";
import { tellWorker } from "./worker.js";

const PATIENCE_MS = 120_000;
const PAUSE_MS = 5000;

export const keptAt = () => Number(document.body.dataset.keptAt) || null;

// Settles when the worker has a newer one. It may be on its way already.
export async function newerCame() {
  for (;;) {
    await serverAnswers();
    if (await tellWorker({ type: "renew-feed", since: keptAt() }, PATIENCE_MS)) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

// The one that has come, at once: asking the network again could take as long as before.
export async function showNewer() {
  await tellWorker({ type: "show-newer" });
  location.reload();
}

// "today 14:05", "yesterday 14:05", "7 Nov 14:05", in the page's language and the device's time zone.
export function moment(at, now = new Date()) {
  const { lang } = document.documentElement;
  const clock = at.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const spoken = lang === "sv" ? clock.replace(":", ".") : clock;
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  return `${days < 2 ? relative(lang, days) : absolute(lang, at, now)} ${spoken}`;
}

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

const relative = (lang, days) => new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(-days, "day");

const absolute = (lang, at, now) =>
  at.toLocaleDateString(lang === "en" ? "en-GB" : lang, {
    day: "numeric",
    month: "short",
    ...(at.getFullYear() !== now.getFullYear() && { year: "numeric" }),
  });
