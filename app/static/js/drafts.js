// What people have begun to write, kept in this browser per person until the server says that it has it.
import { person } from "./page.js";

const PREFIX = "draft:";
const MOST = 40;
export const KEPT_MS = 14 * 24 * 3600 * 1000;

const place = (key) => `${PREFIX}${person()}:${key}`;

export function keep(key, fields, ms = KEPT_MS) {
  try {
    localStorage.setItem(place(key), JSON.stringify({ at: Date.now(), ms, fields }));
    return true;
  } catch {
    return false; // private mode or a full store: the form works as before, only without the net
  }
}

export function kept(key) {
  const draft = read(place(key));
  return draft && !isOld(draft) ? draft.fields : null;
}

export const drop = (key) => localStorage.removeItem(place(key));

export function dropAll() {
  for (const name of names()) localStorage.removeItem(name);
}

const isOld = ({ at, ms = KEPT_MS }) => Date.now() - at > ms;

const names = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));

// Drafts outlive a session that ended, whoever signs in then; but not for ever, and not without number.
function dropOld() {
  const byAge = names().map((name) => ({ name, at: 0, ...read(name) })).sort((one, other) => other.at - one.at);
  for (const [place, draft] of byAge.entries()) {
    if (place >= MOST || isOld(draft)) localStorage.removeItem(draft.name);
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

// The page after a successful send says so (layouts/root.html).
function settle() {
  for (const sign of document.querySelectorAll("[data-draft-done]")) {
    drop(sign.dataset.draftDone);
    sign.remove();
  }
}

if (person()) settle();
dropOld();
document.addEventListener("htmx:afterSwap", settle);
