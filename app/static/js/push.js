// Web push on this device. The server's word counts: every page carries it, and is compared with what the browser has.
import { isInstalled, isIOS } from "./device.js";
import { askAboutPush, isInOrder, oneAtATime, sendToServer, subscribeAnew, tellServer } from "./push-device.js";

const REMOVAL = "/push/subscription/removal";
const WORKER_MS = 10_000;

export const isSupported = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

// What the server said last: in the page, or when it was asked.
let here = { person: document.body.dataset.person ?? "", ...document.getElementById("push-here")?.dataset };

// "install" (iOS outside the installed app), "unsupported", "denied", "on", "off", or "amiss": on is wanted, and nothing
// can arrive.
export async function state() {
  if (isIOS() && !isInstalled()) return "install";
  if (!isSupported()) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const subscription = await currentSubscription();
  if (Notification.permission !== "granted" || !isWanted(subscription)) return "off";
  return (await isInOrder(subscription, here)) ? "on" : "amiss";
}

// The page may be an old one, so nothing is changed before the server has been asked.
export async function mend() {
  if (!isSupported() || Notification.permission !== "granted" || (await agrees())) return;
  await oneAtATime(async () => {
    await look();
    if (await agrees()) return;
    const subscription = await currentSubscription();
    if (isWanted(subscription)) await subscribe();
    else await subscription.unsubscribe();
  });
}

export async function look() {
  here = await askAboutPush();
}

// Returns whether the person has allowed it. The browser's question comes first: it is asked only by a tap.
export async function switchOn() {
  if ((await Notification.requestPermission()) !== "granted") return false;
  await oneAtATime(async () => {
    await look();
    if (!(await isInOrder(await currentSubscription(), here))) await subscribe();
  });
  return true;
}

// The server first: without it, the next page would take what is missing in the browser for a loss.
export async function switchOff() {
  await oneAtATime(async () => {
    await look();
    await sendToServer(REMOVAL, {}, here.token);
    here = { ...here, held: "", choice: "off" };
    remember();
    await (await currentSubscription())?.unsubscribe();
  });
}

export async function currentSubscription() {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function subscribe() {
  const { pushManager } = await readyWorker();
  const subscription = await subscribeAnew(pushManager, here.key);
  try {
    here = await tellServer(subscription, here);
  } catch (error) {
    await subscription.unsubscribe(); // nothing by halves: the next page tries the whole again
    throw error;
  }
  remember();
}

async function agrees() {
  if (!here.key) return true; // not set up: there is nothing to compare with
  const subscription = await currentSubscription();
  return isWanted(subscription) ? isInOrder(subscription, here) : !subscription;
}

// A session that has just begun knows of no choice. Then it is the one of this person in this browser before, or what the
// browser has: a subscription is taken over by whoever signs in, so that nobody else's pushes are shown to them.
function isWanted(subscription) {
  return (here.choice || recall() || (subscription ? "on" : "off")) === "on";
}

function recall() {
  try {
    return localStorage.getItem(`push:${here.person}`);
  } catch {
    return null; // no storage to be had: only the server remembers
  }
}

function remember() {
  try {
    localStorage.setItem(`push:${here.person}`, here.choice);
  } catch {
    // as above
  }
}

// It never comes in private windows of some browsers.
function readyWorker() {
  const tooLong = new Promise((_, reject) => setTimeout(() => reject(new Error("no worker")), WORKER_MS));
  return Promise.race([navigator.serviceWorker.ready, tooLong]);
}
