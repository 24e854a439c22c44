// The answer as bars: one a label, its numbers added up; a third column divides them.
import { max, rollup, sum } from "d3-array";
import { columnsOf, kindOf } from "../columns.js";
import { choice, html } from "../dom.js";
import { show } from "../names.js";
import { number, t } from "../page.js";
import { statusOf, statusName } from "../statuses.js";

const MOST_BARS = 60;
const MOST_PARTS = 7;

/** Draw the answer into the container. */
export function draw(container, answer) {
  const numbers = columnsOf(answer, "number");
  const labels = answer.columns.filter((column) => !numbers.includes(column));
  const state = {
    label: labels[0] ?? numbers[0],
    value: numbers[0],
    part: labels.find((column) => column !== labels[0] && countOf(answer, column) <= MOST_PARTS) ?? "",
  };
  const bars = html("div");
  const options = (columns) => columns.map((column) => [column, column]);
  const set = (key) => (value) => {
    state[key] = value;
    bars.replaceChildren(...drawBars(answer, state));
  };
  container.append(
    html(
      "div",
      { class: "view-controls" },
      choice(t("label"), options(answer.columns), state.label, set("label")),
      choice(t("value"), options(numbers), state.value, set("value")),
      choice(t("part"), [["", t("nothing")], ...options(labels)], state.part, set("part")),
    ),
    bars,
  );
  bars.append(...drawBars(answer, state));
}

function countOf(answer, column) {
  return new Set(answer.rows.map((row) => keyOf(row[column]))).size;
}

/** Return what a term is told apart by: two things may have the same name. */
function keyOf(term) {
  return term ? `${term.type} ${term.value}` : "";
}

function drawBars(answer, { label, value: column, part }) {
  const total = (rows) => sum(rows, (row) => Number(row[column]?.value ?? 0));
  const labelOf = (row) => keyOf(row[label]);
  const partOf = (row) => (part ? keyOf(row[part]) : "");
  const parts = part ? largest(rollup(answer.rows, total, partOf), MOST_PARTS) : [""];
  const divided = rollup(answer.rows, total, labelOf, partOf);
  const names = new Map(answer.rows.flatMap((row) => [row[label], row[part]].map((term) => [keyOf(term), show(term)])));
  const all = [...divided].map(([key, byPart]) => ({ key, byPart, total: sum(byPart.values()) }));
  if (!["date", "number"].includes(kindOf(answer, label))) all.sort((one, other) => other.total - one.total);
  const shown = all.slice(0, MOST_BARS);
  const tone = (key, index) => {
    const status = statusOf(names.get(key));
    return status ? `s-${status}` : `tone-${index}`;
  };
  const nameOf = (key) => statusName(names.get(key)) || "–";
  const legend = parts.map((key, index) => html("li", { class: `key ${tone(key, index)}` }, nameOf(key)));
  const most = max(shown, (bar) => bar.total) || 1;
  const bars = shown.map(({ key, byPart, total: amount }) => {
    const pieces = parts.map((each, index) => {
      const own = byPart.get(each);
      if (!own) return null;
      const title = part ? `${nameOf(each)}: ${number(own)}` : null;
      const piece = html("span", { class: tone(part ? each : key, index), title });
      piece.style.width = `${(100 * own) / most}%`;
      return piece;
    });
    const name = html("span", { class: "bar-name" }, nameOf(key));
    const value = html("span", { class: "bar-value" }, number(amount));
    return html("li", {}, name, html("span", { class: "stack" }, ...pieces), value);
  });
  const more = t("only_first", { count: number(shown.length), all: number(all.length) });
  return [
    all.length > shown.length ? html("p", { class: "hint" }, more) : null,
    part ? html("ul", { class: "legend" }, ...legend) : null,
    html("ol", { class: "bars" }, ...bars),
  ].filter(Boolean);
}

function largest(totals, most) {
  return [...totals]
    .sort((one, other) => other[1] - one[1])
    .slice(0, most)
    .map(([name]) => name);
}
