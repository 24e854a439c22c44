// The query page with JavaScript: YASGUI in the form's place, with the page's own buttons between query and answer.
// It asks nobody but the server that it came from.
import { cite, showPermalink } from "./citing.js";
import { dressEditor, perform, setUpEditors, tellSyntax } from "./editor.js";
import { setUpExamples } from "./examples.js";
import { explain } from "./explanation.js";
import { learn } from "./names.js";
import { endpoint, language, t } from "./page.js";
import { dressResults, registerViews, showWaiting } from "./results.js";
import { linkTo, setUpSharing } from "./sharing.js";
import { drawTabs, openTab, queryOf } from "./tabs.js";
import "./query.css";

const byId = (id) => document.getElementById(id);
const form = byId("query-form");
const textarea = byId("query");
const tools = byId("tools");
const parameters = new URLSearchParams(location.search);

async function start() {
  const response = await fetch(`/sparql/terms?lang=${language}`).catch(() => null);
  const terms = response?.ok ? await response.json() : { terms: [], prefixes: {} };
  learn(terms.terms);
  setUpEditors(terms);
  registerViews();
  for (const element of document.querySelectorAll(".with-script")) element.hidden = false;
  const { dataset } = byId("editor");
  const yasgui = drawTabs(byId("editor"), dataset.start);
  const asked = "asked" in dataset;
  if (asked) openTab(yasgui, { query: textarea.value, view: parameters.get("view") });
  else if (!yasgui.getTab()) yasgui.addTab(true);
  textarea.hidden = true;
  new Page(yasgui).begin();
  if (asked) byId(yasgui.getTab().getId()).append(...[byId("results")].filter(Boolean));
  // an answer that came with the page is asked for again, since the views need its terms; an explanation is not
  if (parameters.get("query") && parameters.get("explain") !== "1" && !byId("refusal")) yasgui.getTab().query();
  document.documentElement.dataset.editor = "ready";
}

/** The page around YASGUI: its tools and its address are those of the tab that is shown. */
class Page {
  #yasgui;
  #updateCode;
  #dressed = new WeakSet();
  #running = new WeakSet();

  constructor(yasgui) {
    this.#yasgui = yasgui;
    this.#updateCode = setUpSharing(() => this.#tab);
  }

  get #tab() {
    return this.#yasgui.getTab();
  }

  /** Show the tools, and let them do what they say. */
  begin() {
    this.#show();
    this.#followTabs();
    this.#followTools();
  }

  #followTabs() {
    const arrive = () => {
      this.#show();
      this.#setAddress(this.#tab);
    };
    // YASGUI tells of both before they are done
    for (const event of ["tabSelect", "tabAdd"]) this.#yasgui.on(event, () => queueMicrotask(arrive));
    this.#yasgui.on("query", (_, tab) => {
      this.#running.add(tab);
      for (const id of ["results", "refusal"]) byId(id)?.remove(); // what came with the page
      showWaiting(tab.getYasr());
      this.#showRunning();
      this.#setAddress(tab);
    });
    this.#yasgui.on("queryResponse", (_, tab) => {
      this.#running.delete(tab);
      this.#showRunning();
    });
  }

  #followTools() {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter?.id === "explain") perform(this.#tab.getYasqe(), explain);
      else if (event.submitter?.id === "cite") this.#cite(event.submitter);
      else this.#tab.query();
    });
    byId("stop").addEventListener("click", () => this.#tab.getYasqe().abortQuery());
    byId("tidy").addEventListener("click", () => this.#tab.getYasqe().autoformat());
    setUpExamples((example) => {
      const tab = openTab(this.#yasgui, example);
      byId("editor").scrollIntoView({ block: "nearest" });
      tab.query();
    });
  }

  #show() {
    const tab = this.#tab;
    const yasqe = tab.getYasqe();
    const panel = byId(tab.getId());
    panel.querySelector(".editorwrapper").after(tools); // first of all: they may have gone with the last tab
    if (!this.#dressed.has(tab)) this.#dress(tab, panel);
    yasqe.refresh();
    yasqe.getInputField().id = form.querySelector("label").htmlFor = `query-${tab.getId()}`;
    tellSyntax(yasqe, byId("syntax"));
    byId("cited").textContent = "";
    this.#yasgui.rootEl.querySelector(".tab.active").scrollIntoView({ block: "nearest" });
    this.#showRunning();
    this.#updateCode();
  }

  /** Prepare a tab that YASGUI has just drawn. */
  #dress(tab, panel) {
    this.#dressed.add(tab);
    panel.querySelector(".controlbar").remove(); // a choice of endpoints, and how to ask them: here there is one
    dressEditor(tab.getYasqe(), byId("syntax"));
    dressResults(tab.getYasr(), () => this.#setAddress(tab));
    tab.getYasqe().on("changes", () => byId("share").open && this.#updateCode());
  }

  #showRunning() {
    byId("stop").hidden = !this.#running.has(this.#tab);
  }

  /** The address of the page is the link to the query and view, once the query was asked. */
  #setAddress(tab) {
    if (tab !== this.#tab) return;
    history.replaceState(null, "", tab.hasResults() ? linkTo(tab) : endpoint);
    this.#updateCode();
  }

  async #cite({ formAction }) {
    const status = byId("cited");
    status.textContent = t("citing");
    try {
      showPermalink(status, await cite(queryOf(this.#tab), formAction));
    } catch (problem) {
      status.textContent = `${problem.message} ${problem.remedy}`;
    }
  }
}

start();
