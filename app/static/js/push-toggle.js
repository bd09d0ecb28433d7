// <push-toggle data-test-url>: pushes on this device. Shows the [data-state] parts of the state that holds: install,
// unsupported, denied, off, on; or, when on is wanted and nothing can arrive, mending and then ended. Words come from the
// server in data-* of [data-result].
import "./news.js";
import { ask } from "./page.js";
import { currentSubscription, look, mend, state, switchOff, switchOn } from "./push.js";

const ARRIVAL_MS = 12_000;
const LISTENING_MS = 60_000;

class PushToggle extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.onClick);
    // Meanwhile another tab, the browser's own settings or the server may have changed it.
    document.addEventListener("visibilitychange", this.onReturn);
    window.addEventListener("storage", this.onReturn);
    this.watchPermission();
    this.run(() => this.mend());
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.onClick);
    document.removeEventListener("visibilitychange", this.onReturn);
    window.removeEventListener("storage", this.onReturn);
    this.permission?.removeEventListener("change", this.onReturn);
  }

  actions = {
    enable: () => this.enable(),
    disable: () => switchOff(),
    test: () => this.test(),
  };

  onClick = (event) => {
    const action = event.target.closest("[data-action]")?.dataset.action;
    if (!(action in this.actions)) return;
    if (this.isTapped) return;
    this.isTapped = true;
    this.say("");
    this.run(this.actions[action]).finally(() => (this.isTapped = false));
  };

  onReturn = () => {
    if (document.visibilityState === "visible") this.run(() => look().then(() => this.mend()));
  };

  async watchPermission() {
    this.permission = await navigator.permissions?.query({ name: "notifications" }).catch(() => null);
    this.permission?.addEventListener("change", this.onReturn);
  }

  // One after the other: a tap may come while the state is being looked up.
  run(action) {
    this.last = Promise.resolve(this.last).catch(() => {}).then(() => this.take(action));
    return this.last;
  }

  async take(action) {
    try {
      await action();
    } catch (error) {
      // The browser's own errors come from its push service: out of reach, or switched off.
      this.say(error instanceof DOMException ? "service" : "failed");
    }
    await this.show("ended");
  }

  async show(whenAmiss) {
    const now = await state();
    const shown = now === "amiss" ? whenAmiss : now;
    for (const part of this.querySelectorAll("[data-state]")) part.hidden = !part.dataset.state.split(" ").includes(shown);
    this.setAttribute("data-now", shown);
  }

  // One that has just been found dead is not made anew behind one's back: the person has read that it ended.
  async mend() {
    const isAmiss = (await state()) === "amiss" && !this.hasEnded;
    await this.show(isAmiss ? "mending" : "ended");
    await (isAmiss && mend());
    if (isAmiss && (await state()) === "on") this.say("renewed");
  }

  async enable() {
    if (!(await switchOn())) return;
    this.hasEnded = false;
    this.say("enabled");
  }

  // Permission may be granted and still nothing arrive, so we look at each step and say what was found.
  async test() {
    const subscription = await currentSubscription();
    if (!subscription) return this.say("lost");
    const shown = tagsShownFromNow();
    const response = await ask(this.dataset.testUrl, "POST", { endpoint: subscription.endpoint });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) return this.refused(answer);
    this.say("sent", answer.message);
    this.say((await hasArrived(answer.tag, shown)) ? "arrived" : "missing");
  }

  async refused({ message, result }) {
    this.say("refused", message);
    this.hasEnded = result === "gone";
    await look();
  }

  say(what, message) {
    const result = this.querySelector("[data-result]");
    result.textContent = message || (what && result.dataset[what]) || "";
  }
}

// The worker says what it has shown, perhaps before our request for it is answered. Asking for the list of notifications
// would not do: Chromium forgets one that it is asked for while it puts it up.
function tagsShownFromNow() {
  const tags = new Set();
  const note = ({ data }) => data.type === "push-shown" && tags.add(data.tag);
  navigator.serviceWorker.addEventListener("message", note, { signal: AbortSignal.timeout(LISTENING_MS) });
  return tags;
}

async function hasArrived(tag, shown) {
  const end = Date.now() + ARRIVAL_MS;
  while (!shown.has(tag) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 200));
  return shown.has(tag);
}

customElements.define("push-toggle", PushToggle);
