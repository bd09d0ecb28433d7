// Web push on this device: subscribe, unsubscribe, and see at page load that the server still has the right address.
import { ask, person } from "./page.js";

const RECORD = "push";
const SUBSCRIPTIONS = "/push/subscriptions";
const RECHECK_MS = 7 * 24 * 3600 * 1000;

export const isSupported = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

export const isIOS = () => /iPad|iPhone|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);

export const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

export async function currentSubscription() {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

// This person chose pushes here, and the browser holds a subscription.
export async function isOn() {
  return Notification.permission === "granted" && record().person === person() && Boolean(await currentSubscription());
}

export async function subscribe(vapid) {
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(vapid) };
  const held = await pushManager.getSubscription();
  // One made with another key would be refused by the push service.
  if (held && !sameBytes(held.options.applicationServerKey, options.applicationServerKey)) await held.unsubscribe();
  const subscription = await pushManager.subscribe(options);
  await post(subscription, vapid);
  return subscription;
}

export async function unsubscribe() {
  localStorage.removeItem(RECORD);
  const subscription = isSupported() ? await currentSubscription() : null;
  if (!subscription) return;
  const { endpoint } = subscription;
  await Promise.allSettled([subscription.unsubscribe(), ask(SUBSCRIPTIONS, "DELETE", { endpoint })]);
}

// Browsers replace or lose subscriptions without a word, so each page compares.
export async function checkSubscription() {
  const known = record();
  if (!isSupported() || known.person !== person() || Notification.permission !== "granted") return;
  const subscription = await currentSubscription();
  if (!subscription) await subscribe(known.vapid);
  else if (subscription.endpoint !== known.endpoint || Date.now() - known.at > RECHECK_MS) await post(subscription, known.vapid);
}

async function post(subscription, vapid) {
  const response = await ask(SUBSCRIPTIONS, "POST", subscription.toJSON());
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  localStorage.setItem(RECORD, JSON.stringify({ person: person(), vapid, endpoint: subscription.endpoint, at: Date.now() }));
}

function record() {
  try {
    return JSON.parse(localStorage.getItem(RECORD)) ?? {};
  } catch {
    return {};
  }
}

function bytes(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64.padEnd(Math.ceil(base64.length / 4) * 4, "=")), (letter) => letter.charCodeAt(0));
}

function sameBytes(buffer, wanted) {
  if (!buffer) return true;
  const held = new Uint8Array(buffer);
  return held.length === wanted.length && held.every((byte, index) => byte === wanted[index]);
}
