// <push-toggle data-vapid data-test-url>: pushes on this device. Shows the one [data-state] part that holds: unsupported,
// install (iOS outside the installed app), denied, off, on. Words come from the server in data-* of [data-result].
import { ask } from "./page.js";
import { currentSubscription, isInstalled, isIOS, isOn, isSupported, subscribe, unsubscribe } from "./push.js";

const ARRIVAL_MS = 12_000;
const LISTENING_MS = 60_000;

class PushToggle extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const action = event.target.closest("[data-action]")?.dataset.action;
      if (action in this.actions) this.run(this.actions[action]);
    });
    this.show();
  }

  actions = {
    enable: () => this.enable(),
    disable: () => unsubscribe(),
    test: () => this.test(),
  };

  async run(action) {
    if (this.busy) return;
    this.busy = true;
    this.say("");
    try {
      await action();
    } catch {
      this.say("failed");
    }
    this.busy = false;
    await this.show();
  }

  async show() {
    const state = await this.state();
    for (const part of this.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== state;
    this.setAttribute("data-now", state);
  }

  async state() {
    if (isIOS() && !isInstalled()) return "install";
    if (!isSupported()) return "unsupported";
    if (Notification.permission === "denied") return "denied";
    return (await isOn()) ? "on" : "off";
  }

  async enable() {
    if ((await Notification.requestPermission()) !== "granted") return;
    await subscribe(this.dataset.vapid);
    this.say("enabled");
  }

  // Permission may be granted and still nothing arrive, so we look at each step and say what was found.
  async test() {
    const subscription = await currentSubscription();
    if (!subscription) return this.say("lost");
    const shown = tagsShownFromNow();
    const response = await ask(this.dataset.testUrl, "POST", { endpoint: subscription.endpoint });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) return this.say("refused", answer.message);
    this.say("sent", answer.message);
    this.say((await hasArrived(answer.tag, shown)) ? "arrived" : "missing");
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
