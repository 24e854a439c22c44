// The query page with JavaScript: YASGUI in place of the plain form, names in place of IRIs in its table.
// It asks nobody but the server that it came from.
import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import "./query.css";

const { Yasqe, Yasr } = Yasgui;
const container = document.getElementById("yasgui");
const form = document.getElementById("query-form");
const textarea = document.getElementById("query");
const endpoint = new URL(container.dataset.endpoint, location.href).href;
const language = document.documentElement.lang;
const names = new Map(Object.entries(JSON.parse(document.getElementById("term-names").textContent)));

/** Ask our endpoint for the names of the IRIs in an answer that it has not been asked about; true if it knew any. */
async function loadNames(bindings) {
  const iris = new Set();
  for (const row of bindings) {
    for (const cell of Object.values(row)) {
      if (cell.type === "uri" && !names.has(cell.value) && !/[<>"{}|\\^`\s]/.test(cell.value)) iris.add(cell.value);
    }
  }
  const wanted = [...iris].slice(0, 500);
  if (!wanted.length) return false;
  for (const iri of wanted) names.set(iri, null);
  const query = `PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT ?iri ?name WHERE { VALUES ?iri { ${wanted.map((iri) => `<${iri}>`).join(" ")} } ?iri rdfs:label ?name
    FILTER(LANG(?name) IN ("${language}", "de")) }`;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json" },
    body: query,
  });
  if (!response.ok) return false;
  const found = (await response.json()).results.bindings;
  for (const { iri, name } of found) {
    if (!names.get(iri.value) || name["xml:lang"] === language) names.set(iri.value, name.value);
  }
  return found.length > 0;
}

/** A thing of ours is linked to its page here. */
function linkTo(iri) {
  const base = container.dataset.base;
  return iri.startsWith(`${base}id/`) ? `/page/${iri.slice(base.length + 3)}` : iri;
}

function escape(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML.replaceAll('"', "&quot;");
}

const table = Yasr.plugins.table.prototype;
const drawLink = table.getUriLinkFromBinding;
table.getUriLinkFromBinding = function (binding, prefixes) {
  const name = names.get(binding.value);
  if (!name || !/^https?:/.test(binding.value)) return drawLink.call(this, binding, prefixes);
  return `<a class="iri" href="${escape(linkTo(binding.value))}" title="${escape(binding.value)}">${escape(name)}</a>`;
};
const drawColumns = table.getColumns;
/** Sort and filter by the names that are shown, as text: the plugin would take them for HTML. */
table.getColumns = function () {
  const sortable = (column) => (cell, type, row, meta) =>
    cell === "" || type === "display" ? column.render(cell, type, row, meta) : escape(names.get(cell.value) ?? cell.value);
  return drawColumns.call(this).map((column) => (column.orderable === false ? column : { ...column, render: sortable(column) }));
};
Yasr.plugins.table.defaults.openIriInNewWindow = false;

Yasqe.defaults.autocompleters = [];
Yasqe.defaults.createShareableLink = (yasqe) => `${endpoint}?query=${encodeURIComponent(yasqe.getValue())}`;

const yasgui = new Yasgui(container, {
  requestConfig: { endpoint, method: "POST" },
  persistenceId: null,
  populateFromUrl: false,
  copyEndpointOnNewTab: false,
  autofocus: false,
  endpointCatalogueOptions: { getData: () => [], keys: [] },
});
const tab = yasgui.getTab();
tab.setQuery(textarea.value);
const yasr = tab.getYasr();
yasr.rootEl.hidden = true; // an answer that came with the page is shown until another query is run
tab.getYasqe().on("query", () => {
  document.getElementById("results")?.remove();
  yasr.rootEl.hidden = false;
});
yasr.on("drawn", async () => {
  if (await loadNames(yasr.results?.getBindings?.() ?? [])) yasr.draw();
});
tab.getYasqe().getInputField().setAttribute("aria-label", form.querySelector("label").textContent);
form.hidden = true;
container.hidden = false;
tab.getYasqe().refresh();
