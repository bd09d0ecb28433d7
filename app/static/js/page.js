// What the server wrote into the page for scripts: the token, the person, and the words in the reader's language.

export const person = () => document.body.dataset.person ?? "";

export const words = (name) => document.getElementById("texts")?.dataset[name] ?? "";

export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

// The token goes with the session, and somebody may have signed in anew in another tab. Whether this page has a token
// again that is good, for the same person.
export async function renewToken() {
  const answer = await fetch("/settings", { credentials: "same-origin" }).catch(() => null);
  const fresh = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!fresh || !person() || fresh.body.dataset.person !== person()) return false;
  const token = fresh.querySelector('meta[name="csrf-token"]').content;
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
  return true;
}

// Ask our own server. A lost session is answered with 401 instead of the sign-in page.
export async function ask(url, method, json) {
  const answer = await fetch(url, {
    method,
    credentials: "same-origin",
    headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch", ...(json && { "Content-Type": "application/json" }) },
    body: json && JSON.stringify(json),
  });
  noteSession(answer.status);
  return answer;
}

// A session may be ended from another device; then nothing of it stays on this one.
export function noteSession(status) {
  if (status === 401) document.dispatchEvent(new Event("session-over"));
}
