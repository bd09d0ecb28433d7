// Signing out without a network: the device forgets at once, but only the server can end the session. The form waits here
// and goes before any other page is loaded, so that the next one who opens the app does not find somebody else in it.
const SIGN_OUT = "sign-out";

const signOutWaits = () => caches.has(SIGN_OUT);

async function signOut(request) {
  const form = await request.clone().text();
  return fetch(request).catch(() => signOutLater(request.url, form));
}

async function signOutLater(url, form) {
  await forget();
  await (await caches.open(SIGN_OUT)).put(url, new Response(form));
  return marked(await offlinePage(), "data-sign-out-waits");
}

// Throws while the server cannot be reached. If somebody else has signed in since, the form's token is not theirs, and
// the server refuses.
async function finishSignOut() {
  const cache = await caches.open(SIGN_OUT);
  for (const { url } of await cache.keys()) {
    const form = new URLSearchParams(await (await cache.match(url)).text());
    const answer = await fetch(url, { method: "POST", body: form, redirect: "manual" });
    if (answer.status >= 500) throw new Error("the server is away");
  }
  await caches.delete(SIGN_OUT);
}
