// This browser's push subscription and what the server knows of it. Pages import it; the worker carries its text
// (app/blueprints/pwa), so it imports nothing and its names are its own there too.

const PUSH_HERE = "/push/subscription";
const PUSH_SUBSCRIPTIONS = "/push/subscriptions";
const PUSH_SERVICE_MS = 20_000;

// What the server says of this device: { person, key, held, choice }, and a token to act on it.
export async function askAboutPush() {
  const answer = await fetch(PUSH_HERE, { credentials: "same-origin", cache: "no-store", headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.json();
}

// All pages of this browser and its worker wait for each other.
export function oneAtATime(action) {
  return navigator.locks ? navigator.locks.request("push", action) : action();
}

// Pushes can arrive: the browser's subscription is the one that the server holds, made with the server's key.
export async function isInOrder(subscription, { key, held }) {
  return Boolean(subscription && held) && isMadeWith(subscription, key) && (await fingerprint(subscription)) === held;
}

// Some browsers do not tell the key; then the server's word has to do.
export function isMadeWith(subscription, key) {
  const present = subscription.options?.applicationServerKey;
  return !present || String(new Uint8Array(present)) === String(keyBytes(key));
}

// Never takes the one that is there: its push service may have ended it without the browser's knowing.
export async function subscribeAnew(pushManager, key) {
  await (await pushManager.getSubscription())?.unsubscribe();
  const subscribing = pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: keyBytes(key) });
  const tooLong = new Promise((_, reject) => setTimeout(() => reject(new DOMException("no push service", "TimeoutError")), PUSH_SERVICE_MS));
  return Promise.race([subscribing, tooLong]);
}

// Returns what the server now knows. It refuses what was made with a key that has just been replaced.
export async function tellServer(subscription, here) {
  await sendToServer(PUSH_SUBSCRIPTIONS, { ...plain(subscription), applicationServerKey: here.key }, here.token);
  return { ...here, held: await fingerprint(subscription), choice: "on" };
}

export async function sendToServer(url, content, token) {
  const answer = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token, "X-Requested-With": "fetch" },
    body: JSON.stringify(content),
  });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
}

// As services/delivery/subscriptions.py makes it.
async function fingerprint(subscription) {
  const { endpoint, keys } = plain(subscription);
  const text = new TextEncoder().encode(`${endpoint} ${keys.p256dh} ${keys.auth}`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return [...hash.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function plain(subscription) {
  return JSON.parse(JSON.stringify(subscription));
}

function keyBytes(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
