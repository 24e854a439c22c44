// What a query would touch, without asking it: how many triples fit each of its patterns, which of them multiply, which
// other endpoints it calls, which limits apply.
import { Problem, readProblem } from "./answer.js";
import { html } from "./dom.js";
import { endpoint, number, t } from "./page.js";

const MEGABYTE = 1_000_000;

/**
 * Have the server explain a query, and return what it says with the kind "explanation".
 * @throws {Problem} the server refuses or cannot be reached
 */
export async function explain(query, signal) {
  const response = await fetch(`${endpoint}?explain=1`, {
    method: "POST",
    headers: { "Content-Type": "application/sparql-query", Accept: "application/json, application/problem+json;q=0.8" },
    body: query,
    signal,
  }).catch((error) => {
    throw error.name === "AbortError" ? error : new Problem(t("no_network"));
  });
  if (!response.ok) throw await readProblem(response);
  return { kind: "explanation", ...(await response.json()) };
}

/** Draw an explanation. */
export function drawExplanation({ patterns, patternsLeftOut, cartesianProducts, services, limits }) {
  const rows = patterns.map(({ pattern, triples }) =>
    html("tr", {}, html("td", {}, html("code", {}, pattern)), html("td", { class: "number" }, wordCount(triples))),
  );
  const head = html("tr", {}, html("th", { scope: "col" }, t("pattern")), html("th", { scope: "col" }, t("triples")));
  const table = html("table", { class: "results-table" }, html("thead", {}, head), html("tbody", {}, ...rows));
  return html(
    "div",
    { class: "explanation" },
    rows.length
      ? html("div", { class: "scroll", role: "region", "aria-label": t("pattern"), tabindex: "0" }, table)
      : null,
    patternsLeftOut ? html("p", { class: "hint" }, t("patterns_left_out", { count: number(patternsLeftOut) })) : null,
    ...cartesianProducts.map(drawProduct),
    services.length ? html("p", {}, t("calls", { services: services.map(wordService).join(", ") })) : null,
    html("p", { class: "hint" }, wordLimits(limits)),
  );
}

/** Parts without a variable in common, whose rows are combined each with each. */
function drawProduct({ parts, rowsEstimated }) {
  const items = parts.map((part) => html("li", {}, html("code", {}, part.join(" . "))));
  const message = html("p", {}, html("strong", {}, t("product", { rows: number(rowsEstimated) })));
  return html("div", { class: "problem" }, message, html("ul", {}, ...items));
}

/** An endpoint, and whether the server would ask it. */
function wordService({ endpoint, allowed }) {
  const service = endpoint === "variable" ? t("call_unknown") : endpoint;
  return allowed ? t("call_allowed", { service }) : t("call_refused", { service });
}

/** The server gives a number, or says in words that it has not counted to the end. */
function wordCount(triples) {
  if (typeof triples === "number") return number(triples);
  const counted = /^(\d+) or more$/.exec(triples);
  return counted ? t("at_least", { count: number(Number(counted[1])) }) : t("not_counted");
}

function wordLimits({ seconds, rows, bytes, memoryMegabytes }) {
  const values = { seconds, rows, megabytes: Math.round(bytes / MEGABYTE), memory: memoryMegabytes };
  return t("limits", Object.fromEntries(Object.entries(values).map(([name, value]) => [name, number(value)])));
}
