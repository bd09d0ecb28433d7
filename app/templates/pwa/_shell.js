// What is the same for everybody: the files that pages are made of, and the page that stands in for one that is missing.
const SHELL = `shell-${SETTINGS.version}`;
const OFFLINE = "/offline";

async function prepare() {
  const cache = await caches.open(SHELL);
  await cache.addAll([...SETTINGS.shell, offlineRequest()]);
  await self.skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shell-") && name !== SHELL).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function fromShell(request) {
  const file = await caches.match(request);
  if (file) return file;
  const response = await fetch(request);
  if (response.ok) (await caches.open(SHELL)).put(request, response.clone());
  return response;
}

async function offlinePage() {
  return (await keptOfflinePage()) ?? Response.error();
}

// The language of the page that is shown now: whoever it is for reads the other one in it too.
async function speak(language) {
  const spoken = (await keptOfflinePage())?.headers.get("Content-Language");
  if (spoken !== language) await (await caches.open(SHELL)).add(offlineRequest()).catch(() => {});
}

const keptOfflinePage = () => caches.match(OFFLINE, { cacheName: SHELL });

const offlineRequest = () => new Request(OFFLINE, { cache: "reload" });

// The page with a word for its styles and scripts: an attribute of the body.
async function marked(page, attribute) {
  const text = await page.text();
  return pageOf(text.replace("<body", `<body ${attribute}`), page.headers);
}

// A page made anew has only those headers of the old one that still hold: its length and encoding do not.
function pageOf(text, headers, more) {
  const names = ["Content-Type", "Content-Security-Policy", SETTINGS.owner].filter((name) => headers.has(name));
  return new Response(text, { headers: { ...Object.fromEntries(names.map((name) => [name, headers.get(name)])), ...more } });
}
