// A button that goes back to where one came from, where no address can be known (the offline page).

document.addEventListener("click", (event) => {
  if (event.target.closest('[data-action="back"]')) history.back();
});
