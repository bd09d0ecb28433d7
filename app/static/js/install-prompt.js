// <install-prompt>: offers the home screen, from the second visit on and at most once in two months.
import { isInstalled, isIOS } from "./device.js";

const VISITS = "visits";
const ASKED = "install-asked";
const PAUSE_MS = 60 * 24 * 3600 * 1000;

class InstallPrompt extends HTMLElement {
  connectedCallback() {
    const visits = countVisit();
    if (isInstalled() || visits < 2 || Date.now() - Number(localStorage.getItem(ASKED) ?? 0) < PAUSE_MS) return;
    if (document.body.matches(".focus")) return; // somebody is in the middle of something
    if (isIOS()) this.show("ios");
    else window.addEventListener("beforeinstallprompt", this.onOffer, { once: true });
  }

  disconnectedCallback() {
    window.removeEventListener("beforeinstallprompt", this.onOffer);
  }

  onOffer = (event) => {
    event.preventDefault();
    this.offer = event;
    this.show("button");
  };

  show(kind) {
    this.append(this.querySelector(`template[data-for="${kind}"]`).content.cloneNode(true));
    this.hidden = false;
    this.addEventListener("click", (event) => this.decide(event.target.closest("[data-action]")?.dataset.action));
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.decide("later"));
  }

  decide(action) {
    if (!action) return;
    localStorage.setItem(ASKED, Date.now());
    this.remove();
    if (action === "install") this.offer.prompt();
  }
}

// A visit is a tab's session, not a page.
function countVisit() {
  const visits = Number(localStorage.getItem(VISITS) ?? 0) + (sessionStorage.getItem(VISITS) ? 0 : 1);
  localStorage.setItem(VISITS, visits);
  sessionStorage.setItem(VISITS, "counted");
  return visits;
}

customElements.define("install-prompt", InstallPrompt);
