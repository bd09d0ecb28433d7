// <recent-searches>: what was looked for lately on this device, by the person who is signed in. Kept as drafts are: with
// their owner, not for ever, and gone when they sign out. A search counts when it led somewhere or was sent.
import { drop, keep, kept } from "./drafts.js";

const KEY = "recent-searches";
const MOST = 6;

const recent = () => kept(KEY)?.words ?? [];

function remember(words) {
  if (words.length < 2) return;
  const others = recent().filter((other) => other.toLowerCase() !== words.toLowerCase());
  keep(KEY, { words: [words, ...others].slice(0, MOST) });
}

function forget(words) {
  keep(KEY, { words: recent().filter((other) => other !== words) });
}

class RecentSearches extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.tapped(event));
    this.draw();
  }

  tapped({ target }) {
    if (target.closest("[data-clear]")) drop(KEY);
    else if (target.closest("li button")) forget(target.closest("li").dataset.words);
    else return;
    this.draw();
    (this.querySelector("li button") ?? document.getElementById("q")).focus(); // what had the focus is gone
  }

  draw() {
    const rows = recent().map((words) => this.row(words));
    this.hidden = !rows.length;
    this.querySelector("ul").replaceChildren(...rows);
  }

  row(words) {
    const row = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const link = row.querySelector("a");
    row.dataset.words = words;
    row.querySelector("b").textContent = row.querySelector("[data-words]").textContent = words;
    link.setAttribute("href", `${link.getAttribute("href")}?${new URLSearchParams({ q: words })}`);
    return row;
  }
}

const box = () => document.getElementById("q").value.trim();

document.addEventListener("submit", ({ target }) => target.matches(".find") && remember(box()));
document.addEventListener("click", ({ target }) => target.closest("#found[data-state=hits] a") && remember(box()));

customElements.define("recent-searches", RecentSearches);
