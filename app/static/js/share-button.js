// <share-button data-title data-copied>: the phone's own sharing, else the address on the clipboard. Hidden without either.
import { toast } from "./toast.js";

class ShareButton extends HTMLElement {
  connectedCallback() {
    this.hidden = !navigator.share && !navigator.clipboard;
    this.addEventListener("click", () => this.share());
  }

  async share() {
    const url = new URL(this.dataset.url ?? location.href, location.href).href;
    try {
      if (navigator.share) return await navigator.share({ title: this.dataset.title, url });
      await navigator.clipboard.writeText(url);
      toast(this.dataset.copied);
    } catch {
      // Closed without sharing.
    }
  }
}

customElements.define("share-button", ShareButton);
