// An answer, in the view that the reader chooses; a view's code is loaded when it is first chosen.
import { columnsOf } from "./columns.js";
import { html } from "./dom.js";
import { drawExplanation } from "./explanation.js";
import { learnFrom } from "./names.js";
import { endpoint, number, t } from "./page.js";

const VIEWS = {
  table: { fits: () => true, load: () => import("./views/table.js") },
  chart: { fits: (answer) => columnsOf(answer, "number").length > 0, load: () => import("./views/chart.js") },
  map: { fits: (answer) => columnsOf(answer, "thing", "point").length > 0, load: () => import("./views/map.js") },
  timeline: { fits: (answer) => columnsOf(answer, "date").length > 0, load: () => import("./views/timeline.js") },
  graph: { fits: (answer) => columnsOf(answer, "thing", "text").length > 1, load: () => import("./views/graph.js") },
};
const DOWNLOADS = {
  table: ["csv", "tsv", "json", "xml"],
  boolean: ["json", "xml"],
  graph: ["ttl", "nt", "jsonld", "rdf"],
};

/** The part of the page below the editor. `onView` is told the name of a view that the reader chooses. */
export class Results {
  #section;
  #status;
  #answer = null;
  #drawing = 0;

  constructor(section, view, onView) {
    this.#section = section;
    this.#status = section.querySelector("[role=status]");
    this.view = view in VIEWS ? view : "table";
    this.onView = onView;
  }

  /** Say that a query runs. */
  wait() {
    this.#clear();
    this.#status.textContent = t("running");
  }

  /** Show that there is no answer, and why. */
  fail(problem) {
    this.#clear();
    const detail = problem.detail ? html("p", { class: "by", lang: "en" }, problem.detail) : null;
    const message = html("p", {}, html("strong", {}, problem.message), ` ${problem.remedy}`);
    this.#section.append(html("div", { class: "problem" }, message, detail));
    this.#status.textContent = t("failed");
  }

  /** Say that the reader has stopped the query. */
  stop() {
    this.#clear();
    this.#status.textContent = t("stopped");
  }

  /** Show what a query would touch, in the place of its answer. */
  explain(explanation) {
    this.#clear();
    this.#status.textContent = t("explained");
    this.#section.append(drawExplanation(explanation));
  }

  /** Show an answer to a query. */
  async show(answer, query) {
    this.#clear();
    this.#answer = answer;
    this.#status.textContent = summary(answer);
    const downloads = DOWNLOADS[answer.kind].map((format) => downloadLink(query, format));
    const download = html("p", { class: "downloads" }, `${t("download")}: `, ...downloads);
    if (answer.kind === "boolean") {
      this.#section.append(html("p", { class: "boolean" }, answer.value ? t("yes") : t("no")), download);
    } else if (answer.rows.length) {
      this.#section.append(this.#drawTabs(), html("div", { id: "view", role: "tabpanel", tabindex: "0" }), download);
      await this.#draw();
    }
  }

  #clear() {
    this.#answer = null;
    while (this.#status.nextSibling) this.#status.nextSibling.remove();
  }

  #drawTabs() {
    const tabs = html("div", { class: "view-tabs", role: "tablist", "aria-label": t("views"), keydown: moveInTabs });
    for (const [name, { fits }] of Object.entries(VIEWS)) {
      tabs.append(
        html(
          "button",
          {
            type: "button",
            role: "tab",
            id: `tab-${name}`,
            "aria-controls": "view",
            disabled: !fits(this.#answer),
            click: () => this.#choose(name),
          },
          t(`view_${name}`),
        ),
      );
    }
    return tabs;
  }

  async #choose(name) {
    this.view = name;
    this.onView(name);
    await this.#draw();
  }

  async #draw() {
    const answer = this.#answer;
    const turn = ++this.#drawing;
    const name = VIEWS[this.view].fits(answer) ? this.view : "table";
    for (const tab of this.#section.querySelectorAll("[role=tab]")) {
      const chosen = tab.id === `tab-${name}`;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
    }
    const [{ draw }] = await Promise.all([VIEWS[name].load(), learnFrom(answer).catch(() => {})]);
    const content = html("div", { class: `view view-${name}` });
    const panel = this.#section.querySelector("#view");
    if (turn !== this.#drawing || answer !== this.#answer) return; // another view or answer came in between
    panel.setAttribute("aria-labelledby", `tab-${name}`);
    panel.replaceChildren(content);
    await draw(content, answer);
  }
}

function summary(answer) {
  const count = answer.rows.length;
  const milliseconds = number(Math.round(answer.ms));
  if (answer.kind === "boolean") return t("in_time", { milliseconds });
  if (count === 0) return t("no_rows");
  const rows = count === 1 ? t("row_one") : t("rows", { count: number(count) });
  const cut = answer.truncated ? t("cut_to", { what: answer.truncated }) : "";
  return [rows, cut, t("in_time", { milliseconds })].filter(Boolean).join(", ");
}

function downloadLink(query, format) {
  const href = `${endpoint}?${new URLSearchParams({ query, format })}`;
  return html("a", { href, download: `lagebild.${format}` }, format.toUpperCase());
}

/** The arrow keys go from tab to tab (WAI-ARIA Authoring Practices, tabs). */
function moveInTabs(event) {
  const tabs = [...event.currentTarget.querySelectorAll("[role=tab]:not(:disabled)")];
  const place = tabs.indexOf(document.activeElement);
  const next = { ArrowRight: place + 1, ArrowLeft: place - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
  if (next === undefined || place < 0) return;
  event.preventDefault();
  tabs[next % tabs.length].focus();
}
