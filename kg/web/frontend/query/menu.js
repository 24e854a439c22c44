// YASGUI's menu of a tab, in the page's language and for the keyboard (WAI-ARIA Authoring Practices, menu).
import { t } from "./page.js";

const NAMES = {
  "New Tab": t("tab_new"),
  "Rename Tab": t("tab_rename"),
  "Copy Tab": t("tab_copy"),
  "Close Tab": t("tab_close"),
  "Close other tabs": t("tab_close_others"),
  "Undo close Tab": t("tab_undo"),
};

/**
 * Prepare a menu that YASGUI has just drawn, and go there. The focus goes back where it came from, or where that is gone
 * with a closed tab, to what `focusOther` chooses.
 */
export function dressMenu(menu, focusOther) {
  const opener = document.activeElement;
  const giveBack = () => (opener.isConnected && opener !== document.body ? opener.focus() : focusOther());
  menu.querySelector("hr").remove(); // which no list may hold
  const list = menu.querySelector("ul");
  list.setAttribute("role", "menu");
  list.setAttribute("aria-label", t("tab_menu"));
  const items = [...list.children];
  for (const item of items) {
    item.textContent = NAMES[item.textContent];
    item.setAttribute("role", "menuitem");
    item.setAttribute("aria-disabled", item.classList.contains("disabled"));
    item.tabIndex = -1;
  }
  menu.addEventListener("keydown", (event) => steer(event, menu, items, giveBack));
  menu.addEventListener("keyup", (event) => {
    event.stopPropagation(); // YASGUI closes it at any key
    if (isChoice(event)) event.target.click(); // not before: where it leads, the key would still come up
  });
  menu.addEventListener("click", () => setTimeout(() => document.activeElement === document.body && giveBack()));
  items[0].focus();
}

function steer(event, menu, items, giveBack) {
  const place = items.indexOf(event.target);
  const to = { ArrowDown: place + 1, ArrowUp: place - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) items[to % items.length].focus();
  else if (["Escape", "Tab"].includes(event.key)) {
    menu.remove();
    giveBack();
  } else if (!isChoice(event)) return;
  event.preventDefault();
}

function isChoice({ key }) {
  return key === "Enter" || key === " ";
}
