// Keys: "/" goes to the search, "j" and "k" go down and up the rows, "?" opens the help of the page.
(function () {
  "use strict";
  function typing(target) {
    return target.matches("input, textarea, select, [contenteditable]");
  }
  function step(by) {
    var rows = Array.prototype.slice.call(document.querySelectorAll("[data-row]"));
    if (!rows.length) { return; }
    var at = rows.findIndex(function (row) { return row.contains(document.activeElement); });
    var next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    var goal = next.querySelector("a, button, summary") || next;
    goal.focus();
    goal.scrollIntoView({ block: "nearest" });
  }
  // What is wider than its place is scrolled with the arrow keys, once it can be reached with Tab.
  function reach() {
    Array.prototype.forEach.call(document.querySelectorAll(".scroll"), function (part) {
      if (part.scrollWidth > part.clientWidth) { part.tabIndex = 0; } else { part.removeAttribute("tabindex"); }
    });
  }
  // On a phone the menu is wider than the window: the page that is open shows in it.
  var open = document.querySelector(".bar nav [aria-current]");
  if (open) {
    var menu = open.closest("ul");
    menu.scrollLeft = open.offsetLeft - menu.offsetLeft - (menu.clientWidth - open.offsetWidth) / 2;
  }
  window.addEventListener("resize", reach);
  document.addEventListener("htmx:afterSettle", reach);
  reach();
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    if (event.key === "/") {
      var search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "j") { step(1);
    } else if (event.key === "k") { step(-1);
    } else if (event.key === "?") {
      var help = document.getElementById("help");
      if (help) { help.open = !help.open; help.scrollIntoView({ block: "nearest" }); }
    }
  });
})();
