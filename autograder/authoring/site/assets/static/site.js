// What is wider than the page scrolls in its own box, which the keyboard must be able to reach.
function reach() {
  for (const box of document.querySelectorAll("pre, .formula, .table-wrapper, .output")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
addEventListener("load", reach);
addEventListener("resize", reach);
