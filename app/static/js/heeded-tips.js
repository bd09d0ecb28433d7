// <heeded-tips>: the tips of the plan form that one may take into account. Boxes come and go as others are asked for, so
// the numbers of those that are ticked stand in a text field too, which the draft keeps and each question carries.

class HeededTips extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this.note);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.note);
  }

  // Before the draft is kept: that listens further out.
  note = () => {
    const ticked = [...this.querySelectorAll("[name=heed]:checked")].map((box) => box.value);
    this.querySelector("[name=heeding]").value = ticked.join(",");
  };
}

customElements.define("heeded-tips", HeededTips);
