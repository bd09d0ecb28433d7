// <offline-banner>: says so when the network is gone, and goes when it is back.

class OfflineBanner extends HTMLElement {
  connectedCallback() {
    for (const name of ["online", "offline"]) window.addEventListener(name, this.update);
    this.update();
  }

  disconnectedCallback() {
    for (const name of ["online", "offline"]) window.removeEventListener(name, this.update);
  }

  update = () => {
    const shown = this.querySelector(".banner");
    if (navigator.onLine) shown?.remove();
    else if (!shown) this.append(this.querySelector("template").content.cloneNode(true));
  };
}

customElements.define("offline-banner", OfflineBanner);
