// <lobby-screen data-url>: a screen in a lobby, which nobody touches for months. It asks for what is new and shows it in
// place of the old, once its pictures are there. Without the network the last that came stays, and after a while says when
// that was.
const EVERY_MS = 30_000;
const PATIENCE_MS = 20_000;
const OLD_MS = 10 * 60_000;

class LobbyScreen extends HTMLElement {
  connectedCallback() {
    this.freshAt = Date.now();
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async look() {
    const answer = await fetch(this.dataset.url, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
    if (answer?.status === 404) return this.replaceChildren(); // revoked: nothing of it may stay here
    const fresh = answer?.ok && kioskIn(await answer.text().catch(() => ""));
    if (fresh) await this.show(fresh);
    this.tellAge();
  }

  async show(fresh) {
    this.freshAt = Date.now();
    // A new release has another look; ours is not kept for it.
    const shown = this.querySelector(".kiosk");
    if (shown && shown.dataset.release !== fresh.dataset.release) return location.reload();
    await pictures(fresh);
    await fade(() => this.replaceChildren(fresh));
  }

  tellAge() {
    const age = this.querySelector(".kiosk-age");
    if (age) age.hidden = Date.now() - this.freshAt < OLD_MS;
  }
}

// Somebody else may answer, such as a wireless network that wants a password first.
function kioskIn(text) {
  const template = document.createElement("template");
  template.innerHTML = text;
  return document.importNode(template.content, true).querySelector(".kiosk");
}

const pictures = (part) => {
  const ready = [...part.querySelectorAll("img")].map((image) => image.decode().catch(() => {}));
  return Promise.race([Promise.all(ready), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
};

async function fade(swap) {
  if (!document.startViewTransition || matchMedia("(prefers-reduced-motion: reduce)").matches) return swap();
  const change = document.startViewTransition(swap);
  change.ready.catch(() => {}); // out of sight nothing fades, and it is swapped all the same
  await change.updateCallbackDone;
}

customElements.define("lobby-screen", LobbyScreen);
