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
  return new Set(answer.rows.map((row) => show(row[column]))).size;
}

function drawBars(answer, { label, value, part }) {
  const total = (rows) => sum(rows, (row) => Number(row[value]?.value ?? 0));
  const parts = part
    ? largest(
        rollup(answer.rows, total, (row) => show(row[part])),
        MOST_PARTS,
      )
    : [""];
  const divided = rollup(
    answer.rows,
    total,
    (row) => show(row[label]),
    (row) => (part ? show(row[part]) : ""),
  );
  const all = [...divided].map(([name, byPart]) => ({ name, byPart, total: sum(byPart.values()) }));
  if (!["date", "number"].includes(kindOf(answer, label))) all.sort((one, other) => other.total - one.total);
  const shown = all.slice(0, MOST_BARS);
  const most = max(shown, (bar) => bar.total) || 1;
  const tone = (name, index) => (statusOf(name) ? `s-${statusOf(name)}` : `tone-${index}`);
  const legend = part
    ? html(
        "ul",
        { class: "legend" },
        ...parts.map((name, index) => html("li", { class: `key ${tone(name, index)}` }, statusName(name))),
      )
    : null;
  const list = html("ol", { class: "bars" });
  for (const bar of shown) {
    const line = html("span", { class: "stack" });
    parts.forEach((name, index) => {
      const amount = bar.byPart.get(name);
      if (!amount) return;
      const piece = html("span", {
        class: tone(part ? name : bar.name, index),
        title: part ? `${statusName(name)}: ${number(amount)}` : null,
      });
      piece.style.width = `${(100 * amount) / most}%`;
      line.append(piece);
    });
    list.append(
      html(
        "li",
        {},
        html("span", { class: "bar-name" }, statusName(bar.name) || "–"),
        line,
        html("span", { class: "bar-value" }, number(bar.total)),
      ),
    );
  }
  const more =
    all.length > shown.length
      ? html("p", { class: "hint" }, t("only_first", { count: number(shown.length), all: number(all.length) }))
      : null;
  return [legend, list, more].filter(Boolean);
}

function largest(totals, most) {
  return [...totals]
    .sort((one, other) => other[1] - one[1])
    .slice(0, most)
    .map(([name]) => name);
}
