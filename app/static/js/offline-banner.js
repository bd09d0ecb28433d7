// <offline-banner>: says so when the network is gone, how old a page is that was kept, and when a newer one has come.
// What is read is never taken away by itself.
import { answersNow } from "./server-answers.js";
import { keptAt, moment, newerCame, showNewer } from "./kept-page.js";

class OfflineBanner extends HTMLElement {
  connectedCallback() {
    for (const name of ["online", "offline"]) window.addEventListener(name, this.update);
    this.addEventListener("click", this.onClick);
    if (keptAt()) {
      newerCame().then(() => this.offerNewer());
      answersNow().then((answers) => {
        this.cut = !answers; // where a browser says "online" all the same
        this.update();
      });
    }
    this.update();
  }

  disconnectedCallback() {
    for (const name of ["online", "offline"]) window.removeEventListener(name, this.update);
    this.removeEventListener("click", this.onClick);
  }

  onClick = (event) => {
    if (!event.target.closest("[data-action=newer]")) return;
    event.preventDefault();
    showNewer();
  };

  offerNewer() {
    this.newer = true;
    this.update();
  }

  update = () => {
    const parts = this.parts();
    if (parts.join() === this.shownParts) return;
    this.shownParts = parts.join();
    this.querySelector(".banner")?.remove();
    if (parts.length) this.append(this.banner(parts));
  };

  parts() {
    if (this.newer) return ["newer"];
    return [...(navigator.onLine && !this.cut ? [] : ["offline"]), ...(keptAt() ? ["kept"] : [])];
  }

  banner(parts) {
    const template = this.newer ? "newer" : "now";
    const banner = this.querySelector(`template[data-for="${template}"]`).content.cloneNode(true);
    for (const part of banner.querySelectorAll("[data-part]")) if (!parts.includes(part.dataset.part)) part.remove();
    const time = banner.querySelector("time");
    if (time) tell(time, new Date(keptAt()));
    return banner;
  }
}

function tell(time, at) {
  time.dateTime = at.toISOString();
  time.textContent = moment(at);
}

customElements.define("offline-banner", OfflineBanner);
