// A switch turns into its opposite in its own place, so the second tap of a double tap would turn it back, or not, as the
// network is slow or fast. It was meant for what the first one hit and does nothing. Keys do not bounce: they always count.

const SWITCH = "[aria-pressed], button[role=switch], #mute-button";
const ONE_TAP_MS = 500;
let last = { id: null, at: 0 };

document.addEventListener("click", (event) => {
  const id = event.target.closest(SWITCH)?.id;
  if (!id || event.detail === 0) return;
  if (id !== last.id || event.timeStamp - last.at > ONE_TAP_MS) return (last = { id, at: event.timeStamp });
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
