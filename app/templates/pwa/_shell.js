// What is the same for everybody: the files that pages are made of, and the page that stands in for one that is missing.
const SHELL = `shell-${SETTINGS.version}`;

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

async function fromShell(request) {
  const file = await caches.match(request);
  if (file) return file;
  const response = await fetch(request);
  if (response.ok) (await caches.open(SHELL)).put(request, response.clone());
  return response;
}

async function offlinePage() {
  return (await caches.match("/offline", { cacheName: SHELL })) ?? Response.error();
}

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
