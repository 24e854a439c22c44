// The link to a query, and code that asks for the same.
import { endpoint, t } from "./page.js";
import { DEFAULT_VIEW } from "./results.js";
import { SNIPPETS } from "./snippets.js";
import { queryOf } from "./tabs.js";

const byId = (id) => document.getElementById(id);

/** Return the link to the query of a tab, in the view that is chosen there. */
export function linkTo(tab) {
  const query = queryOf(tab);
  const view = tab.getYasr().getSelectedPluginName();
  return `${endpoint}?${new URLSearchParams(view === DEFAULT_VIEW ? { query } : { query, view })}`;
}

/** Prepare the part of the page that shows both; return what brings it up to date. `current` returns the tab shown. */
export function setUpSharing(current) {
  const language = byId("code-language");

  function update() {
    const tab = current();
    const type = typeFor(tab.getYasqe().getQueryType());
    byId("link").value = linkTo(tab);
    byId("code").textContent = SNIPPETS[language.value](queryOf(tab), type);
  }

  for (const name of Object.keys(SNIPPETS)) language.append(new Option(name));
  language.addEventListener("change", update);
  byId("share").addEventListener("toggle", update);
  for (const button of document.querySelectorAll("[data-copies]")) button.addEventListener("click", copy);
  return update;
}

/** Return the media type in which people most likely want the answer to a query of this type. */
function typeFor(queryType) {
  if (["CONSTRUCT", "DESCRIBE"].includes(queryType)) return "text/turtle";
  return queryType === "ASK" ? "application/sparql-results+json" : "text/csv";
}

async function copy({ currentTarget: button }) {
  const source = byId(button.dataset.copies);
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
    byId("copied").textContent = t("copied");
  } catch {
    // a browser copies by script over HTTPS only: select it, so that the keyboard can
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
    byId("copied").textContent = t("copy_by_hand");
  }
}
