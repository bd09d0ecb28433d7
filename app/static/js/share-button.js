// <share-button data-title data-copied>: the phone's own sharing, else the address on the clipboard. Without either, a button in
// it is hidden, and a link is followed as any other.
import { toast } from "./toast.js";

class ShareButton extends HTMLElement {
  connectedCallback() {
    this.link = this.querySelector("a");
    const can = navigator.share || navigator.clipboard;
    this.hidden = !can && !this.link;
    if (can) this.addEventListener("click", (event) => this.share(event));
  }

  async share(event) {
    event.preventDefault();
    const url = new URL(this.link?.href ?? this.dataset.url ?? location.href, location.href).href;
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
