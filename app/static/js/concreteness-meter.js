// <concreteness-meter>: one patch for each of the five questions that the plan answers, as one types. The markup and the
// first state are the server's (components/concreteness.html); inputs carry data-question and data-min (characters).

class ConcretenessMeter extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    if (!this.form) return; // shown on a page, as the server drew it
    for (const name of ["input", "change", "restored"]) this.form.addEventListener(name, this.update);
    this.update();
  }

  disconnectedCallback() {
    for (const name of ["input", "change", "restored"]) this.form?.removeEventListener(name, this.update);
  }

  update = () => {
    const answered = new Set([...this.form.querySelectorAll("[data-question]")].filter(isAnswered).map(questionOf));
    const patches = [...this.querySelectorAll("svg [data-question]")];
    for (const patch of patches) patch.classList.toggle("on", answered.has(questionOf(patch)));
    this.count(patches.filter((patch) => answered.has(questionOf(patch))).length);
    const missing = patches.map(questionOf).find((question) => !answered.has(question));
    for (const hint of this.querySelectorAll("[data-hint]")) hint.hidden = hint.dataset.hint !== missing;
  };

  count(filled) {
    const count = this.querySelector("[data-count]");
    const text = this.dataset.countText.replace("{n}", filled);
    if (count.textContent !== text) count.textContent = text; // an unchanged status is not read out again
  }
}

const questionOf = (element) => element.dataset.question;

function isAnswered(field) {
  if (!("value" in field)) return false;
  if (field.type === "radio" || field.type === "checkbox") return field.checked;
  return field.value.trim().length >= Number(field.dataset.min || 1);
}

customElements.define("concreteness-meter", ConcretenessMeter);
