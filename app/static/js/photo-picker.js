// <photo-picker data-url data-field data-max-mb>: sends each chosen photo at once, one after the other, and puts the
// fragment that the server answers with in the list. One that did not get through stays, says so, and can be sent again;
// it also outlives the page, and goes when the page is opened again. The server knows a file that it has taken already.
// Without this script the file input is sent with the form.
import { csrfToken, noteSession, renewToken } from "./page.js";
import { dropPhoto, keepPhoto, unsentPhotos } from "./unsent-photos.js";

const CALM = new Set(["restored", "patience"]);

class PhotoPicker extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input[type="file"]');
    this.shots = this.querySelector(".shots");
    this.form = this.closest("form");
    this.waiting = [];
    this.input.addEventListener("change", () => this.choose());
    this.addEventListener("click", (event) => this.tap(event));
    this.form?.addEventListener("submit", this.onSubmit, true);
    window.addEventListener("online", this.onOnline);
    this.restored = this.restore();
    if (this.input.files.length) this.choose(); // before this script had come
  }

  disconnectedCallback() {
    this.form?.removeEventListener("submit", this.onSubmit, true);
    window.removeEventListener("online", this.onOnline);
    window.removeEventListener("beforeunload", this.onLeave);
  }

  onOnline = () => this.sendAgain(this.waiting.filter((shot) => shot.failed));

  // Only what this browser could not keep would be lost. What arrives from now on stays kept: the next page may have been
  // made before, and shows it when it has been sent once more.
  onLeave = (event) => {
    this.leaving = true;
    if (this.waiting.some((shot) => shot.unkept)) event.preventDefault();
  };

  // The form goes when the photos have; one that failed is first sent again or taken away.
  onSubmit = (event) => {
    if (!this.waiting.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.submitter = event.submitter;
    this.wantsToSend = !this.waiting.some((shot) => shot.failed);
    this.say(this.wantsToSend ? "patience" : "unsent");
  };

  async restore() {
    const unsent = await unsentPhotos(this.dataset.url).catch(() => []);
    for (const { number, value } of unsent) this.waiting.push(this.place(value.file, Promise.resolve(number)));
    if (!unsent.length) return;
    this.say("restored");
    this.sendNext();
  }

  async choose() {
    this.say("");
    const limit = Number(this.dataset.maxMb) * 1024 * 1024;
    const files = [...this.input.files];
    this.input.value = ""; // they travel on their own; the form must not carry them a second time
    await this.restored; // or what is kept now would be found there once more
    for (const file of files) {
      if (file.size > limit) this.say("large");
      else this.waiting.push(this.keep(this.place(file, keepPhoto(this.dataset.url, file))));
    }
    this.sendNext();
  }

  keep(shot) {
    shot.kept = shot.kept.catch(() => {
      if (!this.waiting.includes(shot)) return; // it has been sent meanwhile
      shot.unkept = true;
      this.say("unkept");
    });
    return shot;
  }

  place(file, kept) {
    window.addEventListener("beforeunload", this.onLeave);
    const shown = this.querySelector('template[data-for="waiting"]').content.firstElementChild.cloneNode(true);
    const image = shown.querySelector("img");
    image.src = URL.createObjectURL(file);
    // Let go of only when it is drawn: a quick answer may come before that. HEIC is not drawn everywhere.
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    image.addEventListener("error", () => (image.hidden = true), { once: true });
    this.shots.insertBefore(shown, this.shots.querySelector(".add"));
    return { file, shown, kept, failed: false };
  }

  async sendNext() {
    const shot = this.waiting.find((one) => !one.failed);
    if (this.sending || !shot) return;
    this.sending = true;
    await this.send(shot);
    this.sending = false;
    if (this.waiting.length === 0 && this.wantsToSend) this.form.requestSubmit(this.submitter);
    else this.sendNext();
  }

  async send(shot) {
    const bar = shot.shown.querySelector("progress");
    const attempt = () => post(this.dataset.url, this.dataset.field, shot.file, (share) => (bar.value = share * 100));
    let answer = await attempt();
    if (answer.status === 400 && (await renewToken())) answer = await attempt();
    if (answer.status >= 200 && answer.status < 300) return this.arrived(shot, answer.text);
    noteSession(answer.status);
    if (answer.status === 400 || answer.status === 401) return this.failed(shot, "session");
    if (answer.status === 429) return this.failed(shot, "busy");
    if (answer.status > 401 && answer.status < 500) return this.refused(shot, answer.text);
    this.failed(shot, "failed");
  }

  arrived(shot, fragment) {
    const holder = document.createElement("template");
    holder.innerHTML = fragment;
    const root = holder.content.firstElementChild;
    shot.stays = this.leaving;
    const isThere = root.id && document.getElementById(root.id); // it had been taken, and the answer was lost
    if (!isThere) this.preview(shot, root.querySelector("[data-preview]"));
    this.takeAway(shot, isThere ? null : root);
    if (!isThere) window.htmx?.process(root);
    if (!this.waiting.length && this.spoken === "restored") this.say("");
  }

  // While the server prepares the picture, its own one is shown.
  preview(shot, place) {
    const image = shot.shown.querySelector("img");
    if (!place || image.hidden) return;
    image.alt = place.dataset.preview;
    place.replaceChildren(image);
  }

  refused(shot, fragment) {
    const answer = new DOMParser().parseFromString(fragment, "text/html");
    const message = (answer.querySelector(".err, h1 + p") ?? answer.body).textContent.trim();
    this.takeAway(shot);
    this.say("refused", message.length < 300 ? message : "");
    this.wantsToSend = false;
  }

  failed(shot, why) {
    shot.failed = true;
    this.wantsToSend = false;
    shot.shown.querySelector("[data-failed]").hidden = false;
    shot.shown.querySelector("progress").hidden = true;
    this.say(why);
  }

  sendAgain(shots) {
    for (const shot of shots) {
      shot.failed = false;
      shot.shown.querySelector("[data-failed]").hidden = true;
      shot.shown.querySelector("progress").hidden = false;
    }
    this.say("");
    this.sendNext();
  }

  tap(event) {
    const action = event.target.closest("[data-action]")?.dataset.action;
    const shot = this.waiting.find((one) => one.shown.contains(event.target));
    if (!shot) return;
    if (action === "retry") this.sendAgain([shot]);
    if (action === "drop") this.takeAway(shot);
  }

  takeAway(shot, replacement) {
    this.waiting = this.waiting.filter((one) => one !== shot);
    if (!shot.stays) shot.kept.then((number) => number && dropPhoto(number)).catch(() => {});
    if (replacement) shot.shown.replaceWith(replacement);
    else shot.shown.remove();
  }

  say(what, message) {
    this.spoken = what;
    const result = this.querySelector("[data-result]");
    result.classList.toggle("err", !CALM.has(what));
    result.textContent = message || (what && result.dataset[what]) || "";
  }
}

// fetch() cannot tell how much has been sent.
function post(url, field, file, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append(field, file, file.name);
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("X-Requested-With", "fetch");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = request.ontimeout = () => resolve({ status: 0, text: "" });
    request.timeout = 120_000;
    request.send(body);
  });
}

customElements.define("photo-picker", PhotoPicker);
