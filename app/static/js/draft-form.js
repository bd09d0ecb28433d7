// <draft-form key="outcome-5">: keeps what is written in the form inside it, and puts it back after a reload, an expired
// session or a send that failed. Without a network the form waits, and goes by itself when the network is back. With
// days="1" it is kept no longer than a day.
import { drop, keep, KEPT_MS, kept } from "./drafts.js";
import { person } from "./page.js";
import { serverAnswers } from "./server-answers.js";

const PAUSE_MS = 400;
const DAY_MS = 24 * 3600 * 1000;
const LEFT_OUT = new Set(["hidden", "file", "password", "submit", "button"]);

class DraftForm extends HTMLElement {
  connectedCallback() {
    this.key = this.getAttribute("key");
    this.clearOthers();
    this.recallKey();
    this.original = this.read(asServed);
    this.restore();
    if (this.hasNews() && !history.state?.requestKey) this.keepSoon(); // written before this script had come
    this.addEventListener("input", () => this.keepSoon());
    this.addEventListener("change", () => this.keepSoon());
    this.addEventListener("htmx:afterSettle", () => this.settled());
    this.addEventListener("submit", (event) => this.sending(event), true); // before HTMX and once-form
    sign("discard")?.addEventListener("click", this.onDiscard);
    window.addEventListener("pagehide", this.onHide);
  }

  disconnectedCallback() {
    sign("discard")?.removeEventListener("click", this.onDiscard);
    window.removeEventListener("pagehide", this.onHide);
    clearTimeout(this.timer);
    this.say("");
  }

  // Looked up each time: HTMX may have put a form with errors in its place.
  get form() {
    return this.querySelector("form");
  }

  onDiscard = () => this.discard();

  onHide = () => this.timer && this.keepNow();

  // A fragment may bring another answer along; or it is a blank form, after the server has said that it has what was sent.
  settled() {
    if (!this.isSent) return this.hasNews() && this.keepSoon();
    if (kept(this.key)) return this.keepSoon();
    this.isSent = false;
    clearTimeout(this.timer);
    this.timer = 0;
    this.original = this.read();
    history.replaceState({ ...history.state, requestKey: undefined }, "");
    this.say("");
    sign("discard")?.setAttribute("hidden", "");
  }

  // Whether something is written that is not kept yet. What a fragment brings along is as nobody has touched it.
  hasNews() {
    const known = { ...this.read(asServed), ...(kept(this.key) ?? this.original) };
    return Object.entries(this.read()).some(([name, values]) => !same(values, known[name]));
  }

  restore() {
    const fields = kept(this.key);
    if (!fields || same(fields, this.original)) return;
    this.write({ ...fields, ...this.changed() });
    this.closest("details")?.setAttribute("open", ""); // what was put back is to be seen
    this.say("restored");
    sign("discard")?.removeAttribute("hidden");
  }

  discard() {
    drop(this.key);
    this.write(this.original);
    this.say("");
    sign("discard")?.setAttribute("hidden", "");
    this.form.querySelector("input:not([type=hidden]), textarea")?.focus();
  }

  keepSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepNow(), PAUSE_MS);
  }

  keepNow() {
    clearTimeout(this.timer);
    this.timer = 0;
    const ms = Number(this.getAttribute("days")) * DAY_MS || KEPT_MS;
    if (keep(this.key, this.read(), ms)) this.say("saved");
  }

  // Back to a page, browsers put back what was written there, also when somebody else has signed in since.
  clearOthers() {
    const writer = history.state?.person;
    if (writer && writer !== person()) this.form?.reset();
    history.replaceState({ ...(writer === person() && history.state), person: person() }, "");
  }

  // Back after a send, browsers put the text back but not the key that they were not asked to change: sending once more
  // must be known as the same send. The key is kept with the page's place in the history.
  recallKey() {
    const key = this.form?.elements.request_key;
    if (key && history.state?.requestKey) key.value = history.state.requestKey;
  }

  rememberKey() {
    const key = this.form.elements.request_key;
    if (key) history.replaceState({ ...history.state, requestKey: key.value }, "");
  }

  sending(event) {
    this.keepNow();
    this.rememberKey();
    this.isSent = true;
    if (navigator.onLine && !this.waiting) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.say("waiting");
    if (!this.waiting) this.sendLater(event.submitter);
  }

  async sendLater(submitter) {
    this.waiting = true;
    await serverAnswers();
    this.waiting = false;
    if (this.isConnected) this.form.requestSubmit(submitter);
  }

  // The values of each name: as they are now, or as the server sent them.
  read(how = asIs) {
    const fields = {};
    for (const field of this.fields()) (fields[field.name] ??= []).push(...how(field));
    return fields;
  }

  changed() {
    const names = Object.entries(this.read()).filter(([name, values]) => !same(values, this.original[name]));
    return Object.fromEntries(names);
  }

  write(fields) {
    const seen = {};
    for (const field of this.fields()) {
      const list = fields[field.name];
      if (!list) continue;
      if (isToggle(field)) field.checked = list.includes(field.value);
      else if (field.type === "select-multiple") for (const option of field.options) option.selected = list.includes(option.value);
      else field.value = list[(seen[field.name] = (seen[field.name] ?? -1) + 1)] ?? "";
    }
    this.form?.dispatchEvent(new Event("restored", { bubbles: true }));
  }

  fields() {
    return [...(this.form?.elements ?? [])].filter((field) => field.name && !LEFT_OUT.has(field.type) && !("noDraft" in field.dataset));
  }

  say(what) {
    const state = sign("state");
    if (state) state.textContent = what ? (state.dataset[what] ?? "") : "";
  }
}

// What is said stands in the page's top bar (components/draft.html).
const sign = (name) => document.querySelector(`[data-draft-${name}]`);

function asIs(field) {
  if (isToggle(field)) return field.checked ? [field.value] : [];
  return field.options ? [...field.selectedOptions].map((option) => option.value) : [field.value];
}

function asServed(field) {
  if (isToggle(field)) return field.defaultChecked ? [field.value] : [];
  if (!field.options) return [field.defaultValue];
  const chosen = [...field.options].filter((option) => option.defaultSelected);
  const shown = chosen.length || field.multiple ? chosen : [...field.options].slice(0, 1);
  return shown.map((option) => option.value);
}

const isToggle = (field) => field.type === "radio" || field.type === "checkbox";

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

customElements.define("draft-form", DraftForm);
