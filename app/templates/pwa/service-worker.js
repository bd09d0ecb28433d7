// The worker of Eldsjäl: the shell and the last feed without a network, and pushes. Filled in by app/blueprints/pwa.
const SETTINGS = {{ settings|tojson }};

self.addEventListener("install", (event) => event.waitUntil(prepare()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", answer);
self.addEventListener("message", (event) => event.waitUntil(listen(event)));
self.addEventListener("push", show);
self.addEventListener("notificationclick", (event) => event.waitUntil(tapped(event)));
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(subscriptionChanged(event).catch(() => {})));

function answer(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(request.method === "GET" ? visit(event, url) : send(event, url));
  } else if (request.method === "GET" && url.pathname.startsWith("/static/")) {
    event.respondWith(fromShell(request));
  } else if (request.method === "GET" && request.destination === "image") {
    event.respondWith(fetch(request).catch(() => keptPhoto(request)));
  } else if (url.pathname === "/healthz") {
    event.respondWith(fetch(request)); // asked on the road that the form will take
  }
}

// What pages say, by type; what comes back is the answer.
const LISTENERS = {
  "language": ({ language }) => speak(language),
  "feed-photos": ({ owner, urls }) => keepPhotosFor(owner, urls),
  "renew-feed": ({ since }) => renewFeed(since),
  "session-over": () => learn(SETTINGS.nobody),
  "show-newer": () => void (newerIsWanted = true),
  "sign-out": () => Promise.allSettled([forget(), releasePush()]),
  "whose": () => ownerNow(),
};

async function listen({ data, ports }) {
  const answer = await LISTENERS[data?.type]?.(data);
  ports[0]?.postMessage(answer);
}

{% include 'pwa/_shell.js' %}
{% include 'pwa/_pages.js' %}
{% include 'pwa/_sign_out.js' %}
// Nothing is awaited before the notification: iOS withdraws a subscription whose pushes show none.
function show(event) {
  const news = read(event.data);
  const shown = self.registration.showNotification(news.title, {
    body: news.body,
    lang: news.lang,
    tag: news.tag || `notification-${news.id}`,
    icon: SETTINGS.icon,
    badge: SETTINGS.badge,
    actions: news.actions,
    data: { url: news.url, close: news.close, done: news.done },
  });
  event.waitUntil(shown.then(() => tellPages({ type: "push-shown", tag: news.tag })));
}

async function tellPages(message) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage(message);
}

function read(data) {
  const plain = { id: "", title: SETTINGS.title, body: "", url: "/inbox", tag: "", lang: "", actions: [] };
  try {
    return { ...plain, ...data.json() };
  } catch {
    return plain;
  }
}

const ANSWER_MS = 3000;

// The window that is nearest is asked to go there: it knows whether it would lose something, and then offers a link.
async function open(notification, path = notification.data?.url) {
  notification.close();
  const url = ours(path) ?? self.location.origin;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const nearest = windows.find((client) => client.focused) ?? windows.find((client) => client.url === url) ?? windows[0];
  if (!nearest) return self.clients.openWindow(url);
  await nearest.focus().catch(() => {}); // some browsers refuse, and the page is right all the same
  if (await answers(nearest, { type: "news", url, title: notification.title })) return;
  // A page without our script; browsers allow a tap to open one window, and to focus one may have counted.
  await self.clients.openWindow(url).catch(() => nearest.navigate(url));
}

// The address, if it is one of this origin: a push leads nowhere else.
function ours(path) {
  try {
    const { href, origin } = new URL(path, self.location.origin);
    return path && origin === self.location.origin ? href : undefined;
  } catch {
    return undefined;
  }
}

function answers(page, message) {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => (port1.onmessage = () => resolve(true)));
  page.postMessage(message, [port2]);
  return Promise.race([answer, new Promise((resolve) => setTimeout(() => resolve(false), ANSWER_MS))]);
}

{% include 'pwa/_close_out.js' %}
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

// Before the session ends: whoever signs in next begins anew.
function releasePush() {
  return oneAtATime(async () => (await self.registration.pushManager?.getSubscription())?.unsubscribe());
}

// ---- static/js/push-device.js, which the pages import

{{ push_device }}