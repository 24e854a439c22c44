// The query page with JavaScript: an editor in the form's place, and the answer in several views below it.
// It asks nobody but the server that it came from.
import { ask } from "./answer.js";
import { cite, showPermalink } from "./citing.js";
import { createEditor, watchSyntax } from "./editor.js";
import { explain } from "./explanation.js";
import { learn } from "./names.js";
import { endpoint, language, t } from "./page.js";
import { Results } from "./results.js";
import { SNIPPETS } from "./snippets.js";
import "./query.css";

const byId = (id) => document.getElementById(id);
const form = byId("query-form");
const textarea = byId("query");
const parameters = new URLSearchParams(location.search);

async function start() {
  const response = await fetch(`/sparql/terms?lang=${language}`).catch(() => null);
  const terms = response?.ok ? await response.json() : { terms: [], prefixes: {} };
  learn(terms.terms);
  const label = form.querySelector("label[for=query]");
  const yasqe = createEditor(byId("editor"), { query: textarea.value, label, terms, run });
  const results = new Results(byId("answer"), parameters.get("view"), shareState);
  let running = null;

  for (const element of document.querySelectorAll(".with-script")) element.hidden = false;
  textarea.hidden = true;
  yasqe.refresh();
  watchSyntax(yasqe, byId("syntax"));

  function run() {
    return attempt(async (query, signal) => {
      const answer = await ask(query, signal);
      if (!signal.aborted) await results.show(answer, query);
    });
  }

  function explainQuery() {
    return attempt(async (query, signal) => {
      const explanation = await explain(query, signal);
      if (!signal.aborted) results.explain(explanation);
    });
  }

  /** Do something with the query that takes time, and can be stopped by the reader or by the next attempt. */
  async function attempt(action) {
    running?.abort();
    const controller = (running = new AbortController());
    byId("results")?.remove(); // the answer that came with the page
    byId("stop").hidden = false;
    results.wait();
    shareState();
    try {
      await action(yasqe.getValue(), controller.signal);
    } catch (problem) {
      if (controller !== running) return;
      if (problem.name === "AbortError") results.stop();
      else results.fail(problem);
    } finally {
      if (controller === running) byId("stop").hidden = true;
    }
  }

  async function keep({ formAction }) {
    const status = byId("cited");
    status.textContent = t("citing");
    try {
      showPermalink(status, await cite(yasqe.getValue(), formAction));
    } catch (problem) {
      status.textContent = `${problem.message} ${problem.remedy}`;
    }
  }

  /** The address of the page is the link to the query and view. */
  function shareState() {
    history.replaceState(null, "", linkTo(yasqe.getValue(), results.view));
    updateCode();
  }

  function updateCode() {
    const graph = ["CONSTRUCT", "DESCRIBE"].includes(yasqe.getQueryType());
    const type = graph
      ? "text/turtle"
      : yasqe.getQueryType() === "ASK"
        ? "application/sparql-results+json"
        : "text/csv";
    byId("link").value = linkTo(yasqe.getValue(), results.view);
    byId("code").textContent = SNIPPETS[byId("code-language").value](yasqe.getValue(), type);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.id === "explain") explainQuery();
    else if (event.submitter?.id === "cite") keep(event.submitter);
    else run();
  });
  byId("stop").addEventListener("click", () => running?.abort());
  byId("tidy").addEventListener("click", () => yasqe.autoformat());
  for (const name of Object.keys(SNIPPETS)) byId("code-language").append(new Option(name));
  byId("code-language").addEventListener("change", updateCode);
  byId("share").addEventListener("toggle", updateCode);
  yasqe.on("changes", () => byId("share").open && updateCode());
  for (const button of document.querySelectorAll("[data-copies]")) button.addEventListener("click", copy);
  byId("find-example").addEventListener("input", filterExamples);
  byId("examples-list").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const example = new URL(link.href).searchParams;
    yasqe.setValue(example.get("query"));
    results.view = example.get("view") ?? "table";
    byId("editor").scrollIntoView({ block: "nearest" });
    run();
  });
  // an answer that came with the page is asked for again, since the views need its terms
  if (parameters.get("query") && !document.querySelector("#results .problem")) run();
  document.documentElement.dataset.editor = "ready";
}

function linkTo(query, view) {
  return `${endpoint}?${new URLSearchParams(view === "table" ? { query } : { query, view })}`;
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

/** Show the examples that have all words in their title or description. */
function filterExamples({ currentTarget: input }) {
  const words = input.value.toLocaleLowerCase(language).split(/\s+/);
  for (const group of byId("examples-list").querySelectorAll("details")) {
    const items = [...group.querySelectorAll("li")];
    for (const item of items) {
      const text = item.textContent.toLocaleLowerCase(language);
      item.hidden = !words.every((word) => text.includes(word));
    }
    group.hidden = items.every((item) => item.hidden);
    if (input.value) group.open = true;
  }
}

start();
