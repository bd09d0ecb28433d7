// The worker of Eldsjäl: the shell and the last feed without a network, and pushes. Filled in by app/blueprints/pwa.
const SETTINGS = {{ settings|tojson }};
const SHELL = `shell-${SETTINGS.version}`;
const FEED = "feed";
const PHOTOS = "photos";
const PATIENCE_MS = 4000;
const PHOTO_LIMIT = 40;

self.addEventListener("install", (event) => event.waitUntil(prepare()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", answer);
self.addEventListener("message", (event) => event.waitUntil(listen(event)));
self.addEventListener("push", show);
self.addEventListener("notificationclick", (event) => event.waitUntil(open(event.notification)));
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(subscriptionChanged(event).catch(() => {})));

async function prepare() {
  const cache = await caches.open(SHELL);
  await cache.addAll([...SETTINGS.shell, new Request("/offline", { cache: "reload" })]);
  await self.skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shell-") && name !== SHELL).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

function answer(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(request.method === "GET" ? visit(event, url) : send(request));
  } else if (request.method === "GET" && url.pathname.startsWith("/static/")) {
    event.respondWith(fromShell(request));
  } else if (request.method === "GET" && request.destination === "image") {
    event.respondWith(fetch(request).catch(() => keptPhoto(request)));
  } else if (url.pathname === "/healthz") {
    event.respondWith(fetch(request)); // asked on the road that the form will take
  }
}

// Pages come from the network. Only the feed is kept: every other page may hold what should not stay on a device.
async function visit(event, url) {
  const arrival = load(event);
  const isFeed = url.pathname === "/" && !url.search;
  if (isFeed) event.waitUntil(arrival.then((response) => response.clone()).then(keepFeed).catch(() => {}));
  const kept = isFeed ? await caches.match("/", { cacheName: FEED }) : undefined;
  try {
    return await (kept ? Promise.race([arrival, impatience()]) : arrival);
  } catch {
    return kept ?? offlinePage();
  }
}

async function load(event) {
  return (await event.preloadResponse) || fetch(event.request);
}

function impatience() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("slow network")), PATIENCE_MS));
}

// A form that cannot be sent ends on our page instead of the browser's; the text itself is kept by the page.
async function send(request) {
  try {
    return await fetch(request);
  } catch {
    return offlinePage();
  }
}

async function offlinePage() {
  return (await caches.match("/offline", { cacheName: SHELL })) ?? Response.error();
}

async function keepFeed(response) {
  if (response.status !== 200 || response.redirected) return;
  const text = await response.text();
  // Signed out in the meantime: then `/` is the public front page, and what was kept is not for whoever holds the phone.
  if (!text.includes(' data-person="')) return forget();
  const cache = await caches.open(FEED);
  await cache.put("/", new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
}

async function fromShell(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) (await caches.open(SHELL)).put(request, response.clone());
  return response;
}

async function keptPhoto(request) {
  return (await caches.match(request, { cacheName: PHOTOS })) ?? Response.error();
}

async function listen(event) {
  if (event.data?.type === "feed-photos") await keepPhotos(event.data.urls);
  if (event.data?.type === "sign-out") await forget();
  event.ports[0]?.postMessage("done");
}

async function keepPhotos(urls) {
  const wanted = urls.slice(0, PHOTO_LIMIT);
  const cache = await caches.open(PHOTOS);
  const held = (await cache.keys()).map((request) => request.url);
  await Promise.all(held.filter((url) => !wanted.includes(url)).map((url) => cache.delete(url)));
  const missing = wanted.filter((url) => !held.includes(url));
  await Promise.allSettled(missing.map((url) => cache.add(url)));
}

function forget() {
  return Promise.all([caches.delete(FEED), caches.delete(PHOTOS)]);
}

// Nothing is awaited before the notification: iOS withdraws a subscription whose pushes show none.
function show(event) {
  const news = read(event.data);
  const shown = self.registration.showNotification(news.title, {
    body: news.body,
    lang: news.lang,
    tag: news.tag || `notification-${news.id}`,
    icon: SETTINGS.icon,
    badge: SETTINGS.badge,
    data: { url: news.url },
  });
  event.waitUntil(shown.then(() => tellPages({ type: "push-shown", tag: news.tag })));
}

async function tellPages(message) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage(message);
}

function read(data) {
  const plain = { id: "", title: SETTINGS.title, body: "", url: "/inbox", tag: "", lang: "" };
  try {
    return { ...plain, ...data.json() };
  } catch {
    return plain;
  }
}

const ANSWER_MS = 3000;

// The window that is nearest is asked to go there: it knows whether it would lose something, and then offers a link.
async function open(notification) {
  notification.close();
  const wanted = new URL(notification.data?.url || "/", self.location.origin);
  const url = wanted.origin === self.location.origin ? wanted.href : self.location.origin;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const nearest = windows.find((client) => client.focused) ?? windows.find((client) => client.url === url) ?? windows[0];
  if (!nearest) return self.clients.openWindow(url);
  await nearest.focus().catch(() => {}); // some browsers refuse, and the page is right all the same
  if (await answers(nearest, { type: "news", url, title: notification.title })) return;
  // A page without our script; browsers allow a tap to open one window, and to focus one may have counted.
  await self.clients.openWindow(url).catch(() => nearest.navigate(url));
}

function answers(page, message) {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => (port1.onmessage = () => resolve(true)));
  page.postMessage(message, [port2]);
  return Promise.race([answer, new Promise((resolve) => setTimeout(() => resolve(false), ANSWER_MS))]);
}

// The browser has replaced the subscription or lost it; it may say which, or nothing. When that fails (signed out, no
// network), the next page mends it.
async function subscriptionChanged({ newSubscription }) {
  await oneAtATime(async () => {
    const here = await askAboutPush();
    const present = newSubscription ?? (await self.registration.pushManager.getSubscription());
    if (!here.key || here.choice === "off" || (await isInOrder(present, here))) return;
    const isUsable = newSubscription && isMadeWith(newSubscription, here.key);
    await tellServer(isUsable ? newSubscription : await subscribeAnew(self.registration.pushManager, here.key), here);
  });
}

// ---- static/js/push-device.js, which the pages import

{{ push_device }}