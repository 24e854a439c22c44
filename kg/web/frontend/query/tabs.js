// YASGUI's tabs: kept in the browser's storage, in the page's language, and for the keyboard.
import { Yasgui } from "@zazuko/yasgui";
import { html } from "./dom.js";
import { dressMenu } from "./menu.js";
import { endpoint, t } from "./page.js";
import { DEFAULT_VIEW, viewOf } from "./results.js";

/** Put YASGUI into the container, with the tabs that the browser has kept. */
export function drawTabs(container, start) {
  const menus = html("div");
  container.after(menus);
  const yasgui = new Yasgui(container, {
    persistenceId: "lagebild",
    tabName: t("tab_name"),
    populateFromUrl: false, // main.js reads the address: it may name a query and a view, and nothing else
    autoAddOnInit: false,
    autofocus: false,
    contextMenuContainer: menus,
    endpointCatalogueOptions: { getData: () => [] },
    requestConfig: { endpoint },
    yasqe: { value: start },
    yasr: { defaultPlugin: DEFAULT_VIEW },
  });
  const list = yasgui.rootEl.querySelector(".tabsList");
  list.setAttribute("aria-label", t("tabs"));
  list.querySelector(".addTab").parentElement.hidden = true; // a list of tabs holds tabs; the button stands beside it
  const row = html("div", { class: "tabs-row" });
  list.replaceWith(row);
  const add = button(t("tab_new"), () => yasgui.addTab(true));
  const close = button(t("tab_close_all"), () => closeAll(yasgui));
  row.append(list, html("div", { class: "tabs-tools" }, add, close));

  list.addEventListener("keydown", (event) => steer(yasgui, event), true); // before YASGUI's own listener
  watch(list, dressTab);
  watch(menus, (menu) => dressMenu(menu, () => focusActive(yasgui)));
  yasgui.on("tabClose", () =>
    queueMicrotask(() => {
      if (!yasgui.persistentConfig.getTabs().length) yasgui.addTab(true); // there is always one
    }),
  );
  addEventListener("pagehide", () => keepDraft(yasgui.getTab())); // YASGUI keeps it when the editor loses the focus
  return yasgui;
}

/** Return the query of a tab, which YASGUI may not have drawn yet. */
export function queryOf(tab) {
  return tab.getYasqe()?.getValue() ?? tab.getPersistedJson().yasqe.value;
}

/** Show a query in a tab of its own, the one that has it already or a new one; return the tab. */
export function openTab(yasgui, { query, view, name }) {
  const selectedPlugin = viewOf(view);
  const tab = Object.values(yasgui._tabs).find((each) => queryOf(each) === query);
  if (!tab) {
    const start = { yasqe: { value: query }, yasr: { settings: { selectedPlugin } } };
    return yasgui.addTab(true, name ? { name, ...start } : start);
  }
  yasgui.selectTabId(tab.getId());
  tab.getYasr().selectPlugin(selectedPlugin);
  return tab;
}

function button(text, click) {
  return html("button", { type: "button", class: "plain-button", click }, text);
}

function closeAll(yasgui) {
  const active = yasgui.getTab(); // the last to go: to close it shows another
  for (const tab of Object.values(yasgui._tabs)) if (tab !== active) tab.close();
  active.close();
  yasgui.persistentConfig.retrieveLastClosedTab(); // which forgets it: whoever closes all leaves nothing behind
}

function keepDraft(tab) {
  const kept = tab.getPersistedJson();
  kept.yasqe.value = queryOf(tab);
  tab.emit("change", tab, kept);
}

/** Call `dress` with all children that an element has and will have. */
function watch(parent, dress) {
  for (const child of parent.children) dress(child);
  new MutationObserver((records) => {
    for (const { addedNodes } of records) addedNodes.forEach((child) => dress(child));
  }).observe(parent, { childList: true });
}

function dressTab(element) {
  const tab = element.querySelector("[role=tab]");
  if (!tab) return;
  tab.title = t("tab_keys");
  const close = element.querySelector(".closeTab"); // for the pointer; the keyboard has its key
  close.removeAttribute("tabindex");
  close.title = t("tab_close");
  const name = element.querySelector("input");
  name.setAttribute("aria-label", t("tab_rename"));
  name.addEventListener("focus", () => name.select());
}

/** The keys of a list of tabs (WAI-ARIA Authoring Practices, tabs); within the name of a tab they write. */
function steer(yasgui, event) {
  event.stopPropagation();
  const { key, target, currentTarget } = event;
  if (target.matches("input")) return endNaming(yasgui, event);
  const links = [...currentTarget.querySelectorAll("[role=tab]")];
  const place = links.indexOf(target);
  const to = { ArrowRight: place + 1, ArrowLeft: place - 1 + links.length, Home: 0, End: links.length - 1 }[key];
  const acts = {
    " ": () => target.click(),
    F2: () => yasgui.tabElements.get(idOf(target)).startRename(),
    Delete: () => close(yasgui, target),
  };
  if (to === undefined && !(key in acts)) return;
  event.preventDefault();
  if (key in acts) acts[key]();
  else links[to % links.length].focus();
}

/** Enter keeps what is written as the name of the tab, Escape does not. */
function endNaming(yasgui, event) {
  const { key, target: input } = event;
  if (key !== "Enter" && key !== "Escape") return;
  event.preventDefault(); // the key goes on to the tab, which would take it for a click
  const link = input.closest("[role=tab]");
  if (key === "Escape") input.value = yasgui.getTab(idOf(link)).getName();
  link.focus(); // YASGUI takes the name when the input loses the focus
}

function close(yasgui, link) {
  yasgui.getTab(idOf(link)).close();
  queueMicrotask(() => focusActive(yasgui));
}

function focusActive(yasgui) {
  yasgui.rootEl.querySelector(".tab.active [role=tab]").focus();
}

function idOf(link) {
  return link.getAttribute("aria-controls");
}
