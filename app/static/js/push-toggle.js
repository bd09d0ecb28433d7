// <push-toggle data-vapid data-test-url>: pushes on this device. Shows the one [data-state] part that holds: unsupported,
// install (iOS outside the installed app), denied, off, on. Words come from the server in data-* of [data-result].
import { ask } from "./page.js";
import { currentSubscription, isInstalled, isIOS, isOn, isSupported, subscribe, unsubscribe } from "./push.js";

const ARRIVAL_MS = 12_000;

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
    const before = await shownNow();
    const response = await ask(this.dataset.testUrl, "POST", { endpoint: subscription.endpoint });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) return this.say("refused", answer.message);
    this.say("sent", answer.message);
    this.say((await hasArrived(answer.tag, before)) ? "arrived" : "missing");
  }

  say(what, message) {
    const result = this.querySelector("[data-result]");
    result.textContent = message || (what && result.dataset[what]) || "";
  }
}

async function hasArrived(tag, before) {
  const earlier = new Set(before.map((notification) => notification.timestamp));
  const end = Date.now() + ARRIVAL_MS;
  while (Date.now() < end) {
    if ((await shownNow()).some((one) => one.tag === tag && !earlier.has(one.timestamp))) return true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return false;
}

const shownNow = async () => (await navigator.serviceWorker.ready).getNotifications();

customElements.define("push-toggle", PushToggle);
