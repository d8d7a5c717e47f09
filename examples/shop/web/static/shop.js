// Niceties. Every page works without this file.
"use strict";

// "/" goes to the search box, as on many sites with a lot to search.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("search").focus();
  }
});

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (form.method === "get") {
      // Leave what was not chosen out of the address.
      for (const input of form.elements) {
        if (input.name && (input.value === "" || input.value === "0")) input.disabled = true;
      }
    } else if (form.dataset.sent) {
      event.preventDefault(); // a second click on the same button
    } else {
      form.dataset.sent = "yes";
    }
  });
}

// Coming back with the browser's button finds the page as it was left: undo.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form")) {
    delete form.dataset.sent;
    for (const input of form.elements) {
      if (form.method === "get") input.disabled = false;
    }
  }
});

// A form that came back with mistakes says so first.
document.querySelector(".problems")?.focus();
