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
  // A file on its way shows how far it is; without a script the form is sent as any other.
  function upload(event) {
    var form = event.target, told = form.querySelector(".working"), bar = form.querySelector("progress");
    var button = form.querySelector("button"), way = new XMLHttpRequest();
    event.preventDefault();
    way.open("POST", form.action);
    way.upload.addEventListener("progress", function (sent) {
      if (sent.lengthComputable) { bar.max = sent.total; bar.value = sent.loaded; }
    });
    way.addEventListener("load", function () {
      if (way.status < 400) { window.location.assign(way.responseURL); return; }
      var page = new DOMParser().parseFromString(way.responseText, "text/html").getElementById("page");
      if (!page) { form.submit(); return; }
      document.getElementById("page").replaceWith(page);
      var wrong = page.querySelector("[role=alert]");
      if (wrong) { wrong.tabIndex = -1; wrong.focus(); }
      uploads();
    });
    way.addEventListener("error", function () { form.submit(); });
    told.hidden = false;
    button.disabled = true;
    way.send(new FormData(form));
  }
  function uploads() {
    Array.prototype.forEach.call(document.querySelectorAll("form[data-upload]"), function (form) {
      form.addEventListener("submit", upload);
    });
  }
  uploads();
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
