// YASR, the frame of YASGUI's answers, with our views as its plugins; a view's code is loaded when it is first drawn.
//
// YASR's own plugins and its parser are out of use: they replace {{x}} in literals, add style sheets by script and
// speak English only. What YASR draws is what editor.js tells of: an answer as answer.js reads it, or another `kind`.
import { Yasgui } from "@zazuko/yasgui";
import { columnsOf } from "./columns.js";
import { html } from "./dom.js";
import { drawExplanation } from "./explanation.js";
import { learnFrom, nameTerms } from "./names.js";
import { endpoint, number, t } from "./page.js";

const { Yasr } = Yasgui;
const VIEWS = {
  // these two show every answer, the others those with rows
  table: { fits: () => true, load: () => import("./views/table.js"), needsRows: false },
  chart: { fits: (answer) => columnsOf(answer, "number").length > 0, load: () => import("./views/chart.js") },
  map: { fits: (answer) => columnsOf(answer, "thing", "point").length > 0, load: () => import("./views/map.js") },
  timeline: { fits: (answer) => columnsOf(answer, "date").length > 0, load: () => import("./views/timeline.js") },
  graph: { fits: (answer) => columnsOf(answer, "thing", "text").length > 1, load: () => import("./views/graph.js") },
  response: { fits: () => true, load: () => import("./views/response.js"), needsRows: false },
};
const DOWNLOADS = {
  table: ["csv", "tsv", "json", "xml"],
  boolean: ["json", "xml"],
  graph: ["ttl", "nt", "jsonld", "rdf"],
};

/** The view that is chosen where nobody has chosen one. */
export const DEFAULT_VIEW = "table";

/** Return the view that a name in an address stands for; the default for what is no view. */
export function viewOf(name) {
  return Object.hasOwn(VIEWS, name) ? name : DEFAULT_VIEW;
}

/** Put our plugins in the place of YASR's. */
export function registerViews() {
  Yasr.plugins = {};
  Yasr.defaults.plugins = {};
  Yasr.registerPlugin("message", Message);
  for (const [name, view] of Object.entries(VIEWS)) Yasr.registerPlugin(name, pluginOf(name, view));
  Yasr.defaults.pluginOrder = Object.keys(VIEWS);
  Yasr.prototype.setResponse = function (outcome) {
    if (outcome.rows) nameTerms(outcome);
    this.results = new Results(outcome);
    this.draw();
  };
}

/** What YASR and YASGUI ask of an answer. */
class Results {
  constructor(outcome) {
    this.outcome = outcome;
  }

  hasError() {
    return this.outcome.kind === "problem";
  }

  /** YASR's count of rows, which ours stands in for. */
  getBindings() {
    return null;
  }

  getResponseTime() {
    return undefined;
  }

  /** Nothing: an answer is asked for again, so that it is of the graph of today and not in the browser's storage. */
  getAsStoreObject() {
    return undefined;
  }

  get isAnswer() {
    return this.outcome.kind in DOWNLOADS;
  }
}

/** A plugin of YASR that draws rows by one of our views. */
function pluginOf(name, { fits, load, needsRows = true }) {
  return class {
    label = t(`view_${name}`);
    priority = name === DEFAULT_VIEW ? 2 : 1; // what cannot be drawn as chosen is drawn as a table

    constructor(yasr) {
      this.yasr = yasr;
    }

    canHandleResults() {
      const { isAnswer, outcome } = this.yasr.results;
      return isAnswer && (outcome.rows.length > 0 || !needsRows) && fits(outcome);
    }

    async draw() {
      if (!this.canHandleResults()) return; // another outcome came in between, which YASR is about to draw
      const { outcome } = this.yasr.results;
      // it is put in at once: YASR takes it out when another is drawn, however long this one takes
      const content = html("div", { class: `view view-${name}` });
      this.yasr.resultsEl.append(content);
      try {
        const [{ draw }] = await Promise.all([load(), learnFrom(outcome).catch(() => {})]);
        await draw(content, outcome);
      } catch (error) {
        content.replaceChildren(html("p", { class: "problem" }, error.message));
        throw error;
      }
    }
  };
}

/** The plugin for all that is no answer: an explanation, a problem, or that there is nothing yet. */
class Message {
  hideFromSelection = true;
  priority = 3;

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    return !this.yasr.results.isAnswer;
  }

  draw() {
    const { outcome } = this.yasr.results;
    const content = {
      explanation: () => drawExplanation(outcome),
      problem: () => drawProblem(outcome.problem),
    }[outcome.kind];
    if (content) this.yasr.resultsEl.append(content());
  }
}

function drawProblem({ message, remedy = "", details = [] }) {
  return html(
    "div",
    { class: "problem", role: "alert" },
    html("p", {}, html("strong", {}, message), ` ${remedy}`),
    details.length ? html("p", { class: "by" }, ...details.flatMap(({ text, lang }) => [html("span", { lang }, text), " "])) : null,
  );
}

/**
 * Prepare YASR as it has just been drawn: in the page's language, with links to download all of the answer in place of
 * its button for the part that is there, without its link to a manual elsewhere.
 *
 * `onView` is called when a reader chooses a view.
 */
export function dressResults(yasr, onView) {
  const { rootEl, headerEl, fallbackInfoEl, resultsEl } = yasr;
  const views = headerEl.querySelector(".yasr_btnGroup");
  const status = html("p", { class: "hint", role: "status" });
  const downloads = html("p", { class: "downloads" });
  headerEl.replaceChildren(views);
  headerEl.hidden = true; // there is nothing to view yet
  headerEl.before(status);
  resultsEl.after(downloads);
  resultsEl.setAttribute("role", "region");
  resultsEl.setAttribute("aria-label", t("results"));
  views.setAttribute("aria-label", t("views"));
  for (const button of views.querySelectorAll("button")) {
    button.removeAttribute("aria-label"); // it is named by its text
    button.removeAttribute("title");
  }
  yasr.on("change", onView);
  yasr.on("draw", (_, plugin) => {
    const { outcome } = yasr.results;
    rootEl.dataset.kind = outcome.kind;
    headerEl.hidden = Boolean(plugin.hideFromSelection);
    status.textContent = summary(outcome);
    downloads.replaceChildren(...downloadsOf(outcome));
    if (fallbackInfoEl.firstChild) {
      const { label } = yasr.getSelectedPlugin();
      fallbackInfoEl.replaceChildren(html("p", { class: "hint" }, t("does_not_fit", { view: label })));
    }
  });
  yasr.on("drawn", (_, plugin) => queueMicrotask(() => markViews(yasr, views, plugin))); // YASR marks them just after
}

/** Say in attributes what YASR says in classes: which view is drawn, and which have nothing to draw. */
function markViews(yasr, views, drawn) {
  for (const [name, plugin] of Object.entries(yasr.plugins)) {
    const button = views.querySelector(`.select_${name}`);
    if (!button) continue;
    button.disabled = button.classList.contains("disabled");
    button.setAttribute("aria-pressed", plugin === drawn);
  }
}

/** Say that something is asked. */
export function showWaiting(yasr) {
  yasr.setResponse({ kind: "waiting" });
}

function summary(outcome) {
  const { kind, rows } = outcome;
  const words = { waiting: t("running"), stopped: t("stopped"), problem: t("failed"), explanation: t("explained") };
  if (kind in words) return words[kind];
  const time = t("in_time", { milliseconds: number(Math.round(outcome.ms)) });
  if (kind === "boolean") return time;
  if (rows.length === 0) return t("no_rows");
  const count = rows.length === 1 ? t("row_one") : t("rows", { count: number(rows.length) });
  const cut = outcome.truncated ? t("cut_to", { what: outcome.truncated }) : "";
  return [count, cut, time].filter(Boolean).join(", ");
}

function downloadsOf({ kind, query, rows }) {
  if (!(kind in DOWNLOADS) || (kind !== "boolean" && rows.length === 0)) return [];
  return [`${t("download")}: `, ...DOWNLOADS[kind].map((format) => downloadLink(query, format))];
}

function downloadLink(query, format) {
  const href = `${endpoint}?${new URLSearchParams({ query, format })}`;
  return html("a", { href, download: `lagebild.${format}` }, format.toUpperCase());
}
