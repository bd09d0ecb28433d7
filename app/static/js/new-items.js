// <new-items data-url="/feed/new?since=…">: asks now and then what is new, and offers it. Nothing is pushed under the thumb.
import { noteSession } from "./page.js";

const EVERY_MS = 60_000;

class NewItems extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async look() {
    if (document.hidden || !navigator.onLine) return;
    try {
      const response = await fetch(this.dataset.url, { headers: { "X-Requested-With": "fetch" } });
      noteSession(response.status);
      if (response.status === 401) return clearInterval(this.timer);
      if (response.status === 200 && !response.redirected) this.offer(await response.text());
    } catch {
      // No network just now; the next round will tell.
    }
  }

  offer(fragment) {
    if (this.innerHTML.trim() !== fragment.trim()) this.innerHTML = fragment;
  }
}

customElements.define("new-items", NewItems);
