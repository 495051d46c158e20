// Small comforts. Every page works without this file.
(function () {
  "use strict";
  var typing = function (element) {
    return element && /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && element.type !== "checkbox";
  };

  // "/" goes to the search box, ↑ ↓ walk through the rows of a list, Enter opens the row, X ticks it, Escape leaves.
  var rows = function () { return Array.from(document.querySelectorAll("table[data-keys] tbody tr")); };
  var choose = function (step) {
    var all = rows();
    if (!all.length) return false;
    var now = all.findIndex(function (row) { return row.classList.contains("sw-chosen"); });
    var next = Math.min(all.length - 1, Math.max(0, now < 0 ? (step > 0 ? 0 : all.length - 1) : now + step));
    all.forEach(function (row, index) { row.classList.toggle("sw-chosen", index === next); });
    var link = all[next].querySelector("a");
    if (link) link.focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
    return true;
  };
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (typing(document.activeElement)) document.activeElement.blur();
      else if (location.hash === "#menu") location.hash = "";
      return;
    }
    if (typing(event.target)) return;
    if (event.key === "/") {
      var search = document.getElementById("search");
      if (search) { search.focus(); search.select(); event.preventDefault(); }
    } else if (event.key === "x" || event.key === "X") {
      var tick = document.querySelector("tr.sw-chosen input[type=checkbox]");
      if (tick) { tick.checked = !tick.checked; event.preventDefault(); }
    } else if (event.key === "ArrowDown" && choose(1)) event.preventDefault();
    else if (event.key === "ArrowUp" && choose(-1)) event.preventDefault();
  });

  // A file dropped on the box is put into its file field; the day is read from names that end in _2024-06-30.
  var dayOf = function (name) { var found = /_(\d{4}-\d{2}-\d{2})(?=\.|_|$)/.exec(name); return found && found[1]; };
  var picked = function (input) {
    var form = input.form, file = input.files && input.files[0];
    if (!form || !file) return;
    var said = form.querySelector("[data-picked]"), day = form.querySelector("input[type=date]");
    if (said) said.textContent = file.name + " · " + Math.max(1, Math.round(file.size / 1024)) + " KB";
    if (day && dayOf(file.name)) day.value = dayOf(file.name);
  };
  document.addEventListener("change", function (event) {
    if (event.target.type === "file") picked(event.target);
  });
  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var box = event.target.closest && event.target.closest("[data-drop]");
      if (!box) return;
      event.preventDefault();
      box.classList.toggle("sw-over", kind === "dragover");
      if (kind !== "drop" || !event.dataTransfer.files.length) return;
      var input = box.querySelector("input[type=file]");
      input.files = event.dataTransfer.files;
      picked(input);
    });
  });

  // One row more of child records, as the server would add it.
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[name=again]");
    var part = button && button.closest("section");
    var rows = part ? part.querySelectorAll("fieldset.sw-row") : [];
    var last = rows[rows.length - 1], count = part && part.querySelector("input[name^='rows.']");
    if (!last || !count || last.querySelector("input[name^='held.']")) return;
    event.preventDefault();
    var name = function (row) { return "." + button.value + "." + row + "."; };
    last.insertAdjacentHTML("afterend", last.outerHTML.split(name(rows.length - 1)).join(name(rows.length)));
    var added = last.nextElementSibling, legend = added.querySelector("legend");
    legend.textContent = legend.textContent.replace(/\d+(?=\D*$)/, rows.length + 1);
    count.value = rows.length + 1;
    added.querySelector("input, select, textarea").focus();
  });

  // A form that was sent once is not sent twice by a double tap.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(function () { delete form.dataset.sent; }, 8000);
  });

  document.addEventListener("click", function (event) {
    if (!event.target.closest) return;
    if (event.target.closest("[data-print]")) window.print();
    var all = event.target.closest("[data-tick-all]");
    if (!all) return;
    var ticks = Array.from(all.form.querySelectorAll("tbody input[type=checkbox]"));
    var some = ticks.some(function (tick) { return !tick.checked; });
    ticks.forEach(function (tick) { tick.checked = some; });
  });
  // What only this file serves is hidden until it runs.
  document.querySelectorAll("[data-scripted]").forEach(function (part) { part.hidden = false; });
})();
