// <heeded-tips>: the tips of the plan form that one may take into account. Boxes come and go as others are asked for, so
// the numbers of those that are ticked stand in a text field too, which the draft keeps and each question carries.

class HeededTips extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this.note);
    this.addEventListener("htmx:afterSettle", this.restore);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.note);
    this.removeEventListener("htmx:afterSettle", this.restore);
  }

  // Before the draft is kept: that listens further out.
  note = () => {
    const ticked = [...this.querySelectorAll("[name=heed]:checked")].map((box) => box.value);
    this.querySelector("[name=heeding]").value = ticked.join(",");
  };

  // Boxes that have just come were asked for before the latest ones were ticked.
  restore = () => {
    const ticked = this.querySelector("[name=heeding]").value.split(",");
    for (const box of this.querySelectorAll("[name=heed]")) box.checked = ticked.includes(box.value);
  };
}

customElements.define("heeded-tips", HeededTips);
