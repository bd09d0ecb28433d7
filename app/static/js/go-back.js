// A button or link that goes back to where one came from: the page as it was left, with what was written. A link's address
// is for browsers without a history or this script; the offline page can know none.

document.addEventListener("click", (event) => {
  if (!event.target.closest('[data-action="back"]') || history.length < 2) return;
  event.preventDefault();
  history.back();
});
