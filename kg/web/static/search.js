// The search box offers what is called so while one types: a combobox with a list (ARIA Authoring Practices, "Editable
// Combobox With List Autocomplete"). Without this script the form searches all the same.
"use strict";

const PAUSE = 120; // milliseconds without a key before it asks

const input = document.querySelector(".search input[name=q]");
const form = input.form;
const list = document.createElement("ul");
const status = document.createElement("p");
const known = new Map();
let active = -1;
let timer = 0;
let asked = 0;

list.id = "offers";
list.className = "offers";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", form.dataset.offers);
status.className = "hidden";
status.setAttribute("role", "status");
form.append(list, status);
for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]])
  input.setAttribute(name, value);

function close() {
  clearTimeout(timer);
  asked += 1; // an answer that is under way comes too late
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  activate(-1);
}

function activate(place) {
  active = place;
  [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
  const option = list.children[place];
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

function show(offers) {
  list.replaceChildren(
    ...offers.map(({ label, lang, kind, href }, place) => {
      const option = document.createElement("li");
      const name = document.createElement("bdi");
      const what = document.createElement("span");
      option.id = `offer-${place}`;
      option.setAttribute("role", "option");
      option.dataset.href = href;
      name.textContent = label;
      name.lang = lang;
      what.className = "kind";
      what.textContent = kind;
      option.append(name, " ", what);
      return option;
    }),
  );
  list.hidden = offers.length === 0;
  input.setAttribute("aria-expanded", String(offers.length > 0));
  activate(-1);
  const { offersOne, offersMany } = form.dataset;
  status.textContent = offers.length === 0 ? "" : offers.length === 1 ? offersOne : offersMany.replace("{count}", offers.length);
}

async function ask() {
  const words = input.value.trim();
  if (!words) return close();
  const turn = (asked += 1);
  if (!known.has(words)) {
    const response = await fetch(`/search/offers?q=${encodeURIComponent(words)}`).catch(() => null);
    if (!response?.ok) return; // it searches without
    known.set(words, (await response.json()).offers);
  }
  if (turn === asked && document.activeElement === input) show(known.get(words));
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});
input.addEventListener("blur", close);
input.addEventListener("keydown", (event) => {
  const count = list.children.length;
  if (event.isComposing || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowDown" && list.hidden) ask();
  else if (list.hidden) return;
  else if (event.key === "ArrowDown") activate(active + 1 < count ? active + 1 : -1);
  else if (event.key === "ArrowUp") activate(active === -1 ? count - 1 : active - 1);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && active >= 0) location.assign(list.children[active].dataset.href);
  else return;
  event.preventDefault();
});
list.addEventListener("mousedown", (event) => {
  event.preventDefault(); // the box keeps the focus
  const option = event.target.closest("[role=option]");
  if (option && event.button === 0) location.assign(option.dataset.href);
});
