// What is chosen appears in place: the same page is asked for with other choices, and its main part taken over.
// Without this script, the button "Show" and the links do the same.
"use strict";

const main = document.getElementById("page");
const told = document.getElementById("told");
let asked = 0;

async function show(address, keep) {
  const mine = ++asked;
  main.setAttribute("aria-busy", "true");
  const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
  const text = answer && answer.ok && !answer.redirected ? await answer.text() : "";
  const found = new DOMParser().parseFromString(text, "text/html").getElementById("page");
  if (mine !== asked) return; // something else was chosen meanwhile
  if (!found || !found.querySelector(".there")) {
    location.assign(address); // the door, or a page that says what is wrong
    return;
  }
  const focus = document.activeElement && document.activeElement.id;
  main.replaceChildren(...found.childNodes);
  main.removeAttribute("aria-busy");
  if (keep) history.pushState(null, "", address);
  const back = focus && document.getElementById(focus);
  if (back) back.focus();
  const said = main.querySelector("[data-said]");
  told.textContent = said ? said.dataset.said : "";
  ready();
}

function ready() {
  for (const button of document.querySelectorAll("form[data-choose] .show")) button.hidden = true;
}

document.addEventListener("change", event => {
  const form = event.target.closest("form[data-choose]");
  if (form) show("?" + new URLSearchParams(new FormData(form)), true);
});

document.addEventListener("submit", event => {
  const form = event.target.closest("form[data-choose]");
  if (!form) return;
  event.preventDefault();
  show("?" + new URLSearchParams(new FormData(form, event.submitter)), true);
});

document.addEventListener("click", event => {
  const link = event.target.closest("a[data-choose]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link.getAttribute("href"), true);
});

addEventListener("popstate", () => show(location.href, false));
ready();
