// <mention-field url="…">: whom one may mean, while one writes a name behind "@". The arrows choose, Enter or Tab takes,
// Escape closes; without a choice every key writes as usual. Who was taken is sent along, since two may have one name.

const PAUSE_MS = 150;
// As app/services/conversation/mentions.py reads it: at the beginning of a word, up to where no name goes on.
const BEING_WRITTEN = /(?<![\w@/.:-])@([^\n@<>&#/\\,;:!?()[\]{}"”»]{0,40})$/u;
const MOST_WORDS = 3;

class MentionField extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("textarea");
    this.list = this.querySelector("[role=listbox]");
    this.status = this.querySelector("[role=status]");
    this.text.addEventListener("input", () => this.lookSoon());
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.text.addEventListener("blur", () => this.close());
    // The text keeps the focus.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
    const button = this.querySelector("[data-at]");
    button?.removeAttribute("hidden");
    button?.addEventListener("click", () => this.begin());
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  // The button: for who does not find the sign on the keyboard.
  begin() {
    const before = this.text.value.slice(0, this.text.selectionStart);
    this.text.focus();
    this.write(/\S$/.test(before) ? " @" : "@", 0);
  }

  lookSoon() {
    clearTimeout(this.timer);
    const name = this.name();
    if (!name) return this.close();
    this.timer = setTimeout(() => this.look(name), PAUSE_MS);
  }

  // What stands between "@" and the cursor; null where nobody is being named.
  name() {
    const found = BEING_WRITTEN.exec(this.text.value.slice(0, this.text.selectionStart));
    return found && found[1].split(" ").length <= MOST_WORDS ? found[1] : null;
  }

  async look(name) {
    const answer = await fetch(`${this.getAttribute("url")}?q=${encodeURIComponent(name)}`, {
      headers: { "X-Requested-With": "fetch" },
    }).catch(() => null);
    const found = answer?.ok ? await answer.text() : "";
    if (this.name() === name && document.activeElement === this.text) this.show(found);
  }

  show(found) {
    this.list.innerHTML = found;
    const { length } = this.options();
    if (!length) return this.close();
    this.list.hidden = false;
    this.list.scrollTop = 0;
    this.list.scrollIntoView({ block: "nearest" });
    this.status.textContent = this.dataset.found.replace("0", length);
    this.choose(null);
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.list.replaceChildren();
    this.status.textContent = "";
    this.text.removeAttribute("aria-activedescendant");
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  chosen() {
    return this.list.querySelector("[aria-selected=true]");
  }

  choose(option) {
    for (const one of this.options()) one.setAttribute("aria-selected", String(one === option));
    if (!option) return this.text.removeAttribute("aria-activedescendant");
    this.text.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  onKey(event) {
    if (this.list.hidden || event.isComposing) return;
    const options = this.options();
    const place = options.indexOf(this.chosen());
    if (event.key === "ArrowDown") this.choose(options[(place + 1) % options.length]);
    else if (event.key === "ArrowUp") this.choose(options[(place < 0 ? 0 : place) - 1] ?? options.at(-1));
    else if (event.key === "Escape") this.close();
    else if (["Enter", "Tab"].includes(event.key) && this.chosen()) this.take(this.chosen());
    else return;
    event.preventDefault();
  }

  take(option) {
    if (!option) return;
    const name = this.name() ?? "";
    if (option.dataset.person) this.remember(option.dataset.person);
    this.write(`${option.dataset.name} `, name.length);
    this.close();
  }

  write(words, instead) {
    const end = this.text.selectionStart;
    this.text.setRangeText(words, end - instead, end, "end");
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Before the name is written, so that a draft keeps both.
  remember(person) {
    const picked = this.querySelector("[name=mention]");
    picked.value = [...new Set([...picked.value.split(" "), person])].join(" ").trim();
  }
}

customElements.define("mention-field", MentionField);
