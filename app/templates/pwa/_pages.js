// Pages come from the network. Only the feed is kept: every other page may hold what should not stay on a device. It is
// kept for one person, and shown to nobody else.
const FEED = "feed";
const PHOTOS = "photos";
const PHOTO_LIMIT = 40;
const KEPT_AT = "X-Kept-At";

let arriving = Promise.resolve(); // the feed that is on its way, and its being kept
let newerIsWanted = false;

async function visit(event, url) {
  const arrival = load(event);
  stayUntilFollowed(event, arrival);
  if (url.pathname === "/" && !url.search) return feed(event, arrival);
  learnFrom(event, arrival);
  return arrival.catch(offlinePage);
}

// A form that cannot be sent ends on our page instead of the browser's; what was written is kept by its own page.
async function send(event, url) {
  const signsOut = url.pathname.startsWith("/logout");
  const arrival = signsOut ? signOut(event.request) : fetch(event.request);
  stayUntilFollowed(event, arrival);
  if (signsOut) return arrival;
  learnFrom(event, arrival);
  return arrival.catch(offlinePage);
}

// Where an answer leads on, no newer worker may take over until the browser has asked for what it leads to: in between,
// Chromium gives that question to neither, and whoever has just signed in waits for ever.
const FOLLOWED_MS = 10_000;
const followed = new Set();

function stayUntilFollowed(event, arrival) {
  for (const go of followed) go();
  followed.clear();
  event.waitUntil(arrival.then(({ type }) => type === "opaqueredirect" && nextVisit()).catch(() => {}));
}

function nextVisit() {
  return new Promise((go) => {
    followed.add(go);
    setTimeout(go, FOLLOWED_MS);
  });
}

async function load(event) {
  if (!(await signOutWaits())) return (await event.preloadResponse) || fetch(event.request);
  await finishSignOut();
  return fetch(event.request); // what was loaded ahead is still for whoever has now signed out
}

async function feed(event, arrival) {
  arriving = arrival.then((response) => keepFeed(response.clone())).catch(() => {});
  event.waitUntil(arriving);
  if (newerIsWanted) return (await takeNewer()) ?? arrival.catch(offlinePage);
  try {
    return await Promise.race([arrival, impatience()]);
  } catch {
    // Whose the phone is now is asked at this moment and not before: a slow network leaves time to sign in.
    const page = await keptFeed();
    return page ? marked(page, `data-kept-at="${keptAt(page)}"`) : arrival.catch(offlinePage);
  }
}

function impatience() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("slow network")), SETTINGS.patience));
}

function takeNewer() {
  newerIsWanted = false;
  return keptFeed();
}

async function keepFeed(response) {
  const { headers } = response;
  await learn(ownerOf(headers));
  if (response.status !== 200 || response.redirected || !isSomebody(ownerOf(headers))) return;
  const text = await response.text();
  if ((await ownerNow()) !== ownerOf(headers)) return; // somebody else has signed in while it came
  const cache = await caches.open(FEED);
  await cache.put("/", pageOf(text, headers, { [KEPT_AT]: String(Date.now()) }));
}

// The kept feed, if it belongs to whoever is signed in now.
async function keptFeed() {
  const page = await caches.match("/", { cacheName: FEED });
  return page && ownerOf(page.headers) === (await ownerNow()) ? page : undefined;
}

async function keptPhoto(request) {
  const photo = (await keptFeed()) && (await caches.match(request, { cacheName: PHOTOS }));
  return photo ?? Response.error();
}

const keptAt = (page) => Number(page?.headers.get(KEPT_AT) ?? 0);

// A page that was kept asks for a newer one; answers true when there is one to be shown.
async function renewFeed(since) {
  await arriving;
  if (keptAt(await keptFeed()) <= since) await (arriving = fetch("/").then(keepFeed).catch(() => {}));
  return keptAt(await keptFeed()) > since;
}

async function keepPhotosFor(owner, urls) {
  if ((await ownerNow()) === owner) await keepPhotos(urls);
}

async function keepPhotos(urls) {
  const wanted = urls.slice(0, PHOTO_LIMIT);
  const cache = await caches.open(PHOTOS);
  const there = (await cache.keys()).map((request) => request.url);
  await Promise.all(there.filter((url) => !wanted.includes(url)).map((url) => cache.delete(url)));
  const missing = wanted.filter((url) => !there.includes(url));
  await Promise.allSettled(missing.map((url) => cache.add(url)));
}

function forget() {
  return Promise.all([caches.delete(FEED), caches.delete(PHOTOS)]);
}

const ownerOf = (headers) => headers.get(SETTINGS.owner);

const isSomebody = (owner) => Boolean(owner) && owner !== SETTINGS.nobody;

// Who is signed in, known without a network. The answer of `/owner` varies by cookie, so the browser's own store gives it
// only for the very cookie that it would send now. A worker cannot read that cookie, and any note of our own could be
// older than it: made before somebody signed in, or written by a late answer after that. Unknown counts as nobody.
async function ownerNow() {
  if (await signOutWaits()) return SETTINGS.nobody;
  const signal = AbortSignal.timeout(1000); // it waits behind one that is being asked over the network
  const answer = await fetch("/owner", { cache: "only-if-cached", mode: "same-origin", signal }).catch(() => null);
  return answer?.ok ? answer.text() : undefined;
}

function learnFrom(event, arrival) {
  event.waitUntil(arrival.then((response) => learn(ownerOf(response.headers))).catch(() => {}));
}

// Each answer of ours says for whom it was made. If that is news, ask: an answer may be late. What is kept for others goes.
async function learn(owner) {
  if (owner === null) return;
  const whose = owner === (await ownerNow()) ? owner : ((await askOwner()) ?? owner);
  const page = await caches.match("/", { cacheName: FEED });
  if (!page || ownerOf(page.headers) !== whose) await forget();
}

async function askOwner() {
  const answer = await fetch("/owner", { cache: "reload" }).catch(() => null);
  await tellPages({ type: "owner", owner: await ownerNow() });
  return answer?.ok ? answer.text() : undefined;
}
