// Short messages. Those that the server wrote leave by themselves; errors stay until they are closed.

const STAY_MS = 8000;

export function toast(message, { stays = false } = {}) {
  const area = document.getElementById("toasts");
  if (!message || [...area.children].some((shown) => shown.textContent.trim() === message)) return;
  const shown = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  shown.querySelector("span").textContent = message;
  area.append(shown);
  if (!stays) leaveSoon(shown);
}

function leaveSoon(shown) {
  setTimeout(() => (shown.matches(":hover, :focus-within") ? leaveSoon(shown) : shown.remove()), STAY_MS);
}

document.addEventListener("click", (event) => {
  event.target.closest(".toasts .toast button")?.closest(".toast").remove();
});

document.querySelectorAll(".toasts > .toast").forEach(leaveSoon);
