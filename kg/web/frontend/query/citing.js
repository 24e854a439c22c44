// A permalink: an address that keeps a query's answer as it is today.
import { Problem, readProblem } from "./answer.js";
import { html } from "./dom.js";
import { language, t } from "./page.js";

/**
 * Have the server keep a query with the graph of today; return its address and the day until which it holds.
 * @throws {Problem} the server refuses or cannot be reached
 */
export async function cite(query, action) {
  const response = await fetch(action, {
    method: "POST",
    headers: { "Content-Type": "application/sparql-query", Accept: "application/json, application/problem+json;q=0.8" },
    body: query,
  }).catch(() => {
    throw new Problem(t("no_network"));
  });
  if (!response.ok) throw await readProblem(response);
  return response.json();
}

/** Say in `status` where the answer is kept, and until when. */
export function showPermalink(status, { permalink, until }) {
  const day = new Date(`${until}T00:00:00`).toLocaleDateString(language, { dateStyle: "long" });
  status.replaceChildren(html("a", { href: permalink }, permalink), ` ${t("cited_until", { day })}`);
}
