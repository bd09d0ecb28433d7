// "Online" tells only that there is some link: a wireless network without internet has one too. Whether a form would get
// through is known when the server has answered.
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

export async function serverAnswers() {
  for (let pause = FIRST_PAUSE_MS; !(await answersNow()); pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) await next(pause);
}

export const answersNow = async () => navigator.onLine && fetch("/healthz", { cache: "no-store" }).then((response) => response.ok, () => false);

// The pause is over, or the link is back.
const next = (pause) =>
  new Promise((resolve) => {
    setTimeout(resolve, pause);
    window.addEventListener("online", resolve, { once: true, signal: AbortSignal.timeout(pause) });
  });
