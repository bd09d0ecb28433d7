// What the server wrote into the page for scripts: the token, the person, and the words in the reader's language.

export const person = () => document.body.dataset.person ?? "";

export const words = (name) => document.getElementById("texts")?.dataset[name] ?? "";

export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

// Ask our own server. A lost session is answered with 401 instead of the sign-in page.
export function ask(url, method, json) {
  return fetch(url, {
    method,
    credentials: "same-origin",
    headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch", ...(json && { "Content-Type": "application/json" }) },
    body: json && JSON.stringify(json),
  });
}
