// <kept-words data-keys="plan-5 outcome-5">: what somebody had begun to write, on the page that says that its form has closed.
// The server gives back what it is sent; of what was not sent, or is looked for again, only this device knows.
import { kept } from "./drafts.js";

const LONG = 80;

class KeptWords extends HTMLElement {
  connectedCallback() {
    if (!this.dataset.keys) return;
    const labels = JSON.parse(this.dataset.labels);
    for (const [name, texts] of this.dataset.keys.split(" ").flatMap((key) => Object.entries(kept(key) ?? {}))) {
      const label = labels[name.replace(/\d+$/, "")];
      for (const text of texts) if (label && text.trim()) this.show(label, text);
    }
  }

  show(label, text) {
    const one = this.querySelector("template").content.cloneNode(true);
    const field = one.querySelector("textarea");
    field.id = `written-${this.childElementCount}`;
    field.value = text;
    field.rows = text.length > LONG ? 4 : 2;
    Object.assign(one.querySelector("label"), { htmlFor: field.id, textContent: label });
    this.append(one);
    this.hidden = false;
  }
}

customElements.define("kept-words", KeptWords);
