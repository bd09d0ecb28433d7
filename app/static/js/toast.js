// Short messages. Those that the server wrote leave by themselves; errors stay until they are closed.

const STAY_MS = 8000;
const area = document.getElementById("toasts");

export function toast(message, { stays = false, link = null } = {}) {
  if (!message || [...area.children].some((shown) => shown.querySelector("span").textContent === message)) return;
  const shown = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  shown.querySelector("span").textContent = message;
  if (link) shown.querySelector("span").after(linkTo(link));
  area.append(shown);
  if (!stays) leaveSoon(shown);
}

// In a window of its own: this one has something to lose.
function linkTo({ url, text }) {
  const link = Object.assign(document.createElement("a"), { href: url, textContent: text, target: "_blank" });
  link.addEventListener("click", () => link.closest(".toast").remove());
  return link;
}

function leaveSoon(shown) {
  setTimeout(() => (shown.matches(":hover, :focus-within") ? leaveSoon(shown) : shown.remove()), STAY_MS);
}

// They take room (screens/feedback.css), and what one was at when they came is not left below them. A press is noted
// beside the focus, which not every browser gives to a button that is pressed.
let atHand = null;
for (const name of ["focusin", "click"]) {
  document.addEventListener(name, ({ target }) => (atHand = target), true);
}

// A sheet of its own, since no element of ours has a style. A browser that has none keeps to what the others say.
const sheet = "adoptedStyleSheets" in document ? new CSSStyleSheet() : null;
if (sheet) document.adoptedStyleSheets = [sheet];

new ResizeObserver(() => {
  sheet?.replaceSync(`:root { --toasts: ${area.offsetHeight}px; }`);
  if (atHand?.closest("main") && liesBelow(atHand)) atHand.scrollIntoView({ block: "nearest" });
}).observe(area);

function liesBelow(one) {
  const { top, bottom } = one.getBoundingClientRect();
  const room = area.getBoundingClientRect();
  return bottom > room.top && top < room.bottom;
}

document.addEventListener("click", (event) => {
  event.target.closest(".toasts .toast button")?.closest(".toast").remove();
});

document.querySelectorAll(".toasts > .toast").forEach(leaveSoon);
