// The standings of the ontology, which have a colour each on every page.
import { html } from "./dom.js";
import { nameOf, show } from "./names.js";

const NAMESPACE = "https://w3id.org/lagebild/ontology#";
const STATUSES = ["occurred", "planned", "possible", "denied", "requested"];

/** Return the standing that a cell names, by its IRI, its local name or its label; "" if none. */
export function statusOf(text) {
  return (
    STATUSES.find((status) => text === status || text === NAMESPACE + status || text === nameOf(NAMESPACE + status)) ??
    ""
  );
}

/** Return the label of a standing; other texts as they are. */
export function statusName(text) {
  const status = statusOf(text);
  return status ? nameOf(NAMESPACE + status) : text;
}

/** Return the column of an answer that holds standings and nothing else, if there is one. */
export function statusColumn(answer) {
  return answer.columns.find((column) => answer.rows.every((row) => statusOf(show(row[column]))));
}

/** Draw what the colours mean, for those of the standings that are there. */
export function statusLegend(statuses) {
  const there = STATUSES.filter((status) => statuses.has(status));
  return html(
    "ul",
    { class: "legend" },
    ...there.map((status) => html("li", { class: `key s-${status}` }, statusName(status))),
  );
}
