// Short messages. Those that the server wrote leave by themselves; errors stay until they are closed.

const STAY_MS = 8000;

export function toast(message, { stays = false, link = null } = {}) {
  const area = document.getElementById("toasts");
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

document.addEventListener("click", (event) => {
  event.target.closest(".toasts .toast button")?.closest(".toast").remove();
});

document.querySelectorAll(".toasts > .toast").forEach(leaveSoon);
