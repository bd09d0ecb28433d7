// The worker of Eldsjäl: the shell and the last feed without a network, and pushes. Filled in by app/blueprints/pwa.
const SETTINGS = {{ settings|tojson }};

self.addEventListener("install", (event) => event.waitUntil(prepare()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", answer);
self.addEventListener("message", (event) => event.waitUntil(listen(event)));
self.addEventListener("push", show);
self.addEventListener("notificationclick", (event) => event.waitUntil(open(event.notification)));
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(subscribeAgain(event)));

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
  "feed-photos": ({ owner, urls }) => keepPhotosFor(owner, urls),
  "renew-feed": ({ since }) => renewFeed(since),
  "session-over": () => learn(SETTINGS.nobody),
  "show-newer": () => void (newerIsWanted = true),
  "sign-out": () => forget(),
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

async function open(notification) {
  notification.close();
  const wanted = new URL(notification.data?.url || "/", self.location.origin);
  const url = wanted.origin === self.location.origin ? wanted.href : self.location.origin;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const nearest = windows.find((client) => client.focused) ?? windows.find((client) => client.url === url) ?? windows[0];
  if (!nearest) return self.clients.openWindow(url);
  await nearest.focus().catch(() => {}); // some browsers refuse, and the page is right all the same
  if (nearest.url === url) return;
  // A window that this worker does not control yet cannot be steered.
  await nearest.navigate(url).catch(() => self.clients.openWindow(url));
}

// The browser has replaced the subscription. The token that our forms carry stands in any page; if that fails (signed out,
// no network), the next page that opens compares and posts.
async function subscribeAgain(event) {
  const key = event.oldSubscription?.options.applicationServerKey;
  const wish = { userVisibleOnly: true, applicationServerKey: key };
  const fresh = event.newSubscription ?? (key && (await self.registration.pushManager.subscribe(wish)));
  if (!fresh) return;
  const page = await (await fetch("/settings", { credentials: "same-origin" })).text();
  const token = /name="csrf-token" content="([^"]+)"/.exec(page)?.[1];
  await fetch("/push/subscriptions", {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token, "X-Requested-With": "fetch" },
    body: JSON.stringify(fresh),
  });
}
