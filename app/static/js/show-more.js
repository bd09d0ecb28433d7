// What "Show more" brings takes its place, and the focus would be nowhere: who came by keyboard goes on with the first of it.

let place = null;

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  const list = target.matches(".more") && target.contains(document.activeElement) && target.parentElement;
  place = list ? { list, index: [...list.children].indexOf(target) } : null;
});

document.addEventListener("htmx:afterSwap", () => {
  const first = place?.list.children[place.index];
  place = null;
  first?.querySelector("a[href], button, input")?.focus({ preventScroll: true });
});
