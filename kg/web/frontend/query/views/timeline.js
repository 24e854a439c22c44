// The answer along an axis of time: a bar from the first to the last day, a dot for one day.
import { extent } from "d3-array";
import { scaleUtc } from "d3-scale";
import { columnsOf, dayOf } from "../columns.js";
import { choice, html } from "../dom.js";
import { show } from "../names.js";
import { hrefOf, language, number, t } from "../page.js";
import { statusOf } from "../statuses.js";

const MOST_BARS = 200;
const DAY = 86_400_000;

/** Draw the answer into the container. */
export function draw(container, answer) {
  const dates = columnsOf(answer, "date");
  const others = answer.columns.filter((column) => !dates.includes(column));
  const texts = others.filter((column) => answer.rows.some((row) => !statusOf(show(row[column]))));
  const state = { begin: dates[0], end: dates[1] ?? "", label: texts[0] ?? others[0] ?? dates[0] };
  const lines = html("div");
  const options = (columns) => columns.map((column) => [column, column]);
  const set = (key) => (value) => {
    state[key] = value;
    lines.replaceChildren(...drawLines(answer, state));
  };
  container.append(
    html(
      "div",
      { class: "view-controls" },
      choice(t("begin"), options(dates), state.begin, set("begin")),
      choice(t("end"), [["", t("nothing")], ...options(dates)], state.end, set("end")),
      choice(t("label"), options(answer.columns), state.label, set("label")),
    ),
    lines,
  );
  lines.append(...drawLines(answer, state));
}

function drawLines(answer, { begin, end, label }) {
  const all = [];
  for (const row of answer.rows) {
    const from = dayOf(row[begin]) ?? dayOf(row[end]);
    const until = dayOf(row[end]) ?? from;
    if (from) all.push({ row, from: until < from ? until : from, until: until < from ? from : until });
  }
  all.sort((one, other) => one.from - other.from || one.until - other.until);
  const shown = all.slice(0, MOST_BARS);
  const [first, last] = extent(shown.flatMap(({ from, until }) => [from, until]));
  const x = scaleUtc([first - DAY, +last + DAY], [0, 100]).nice();
  const dateWords = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const list = html("ol", { class: "timeline" });
  for (const { row, from, until } of shown) {
    const status = Object.values(row)
      .map((term) => statusOf(show(term)))
      .find(Boolean);
    const bar = html("span", { class: `span ${status ? `s-${status}` : ""}` });
    bar.style.left = `${x(from)}%`;
    bar.style.width = `${x(until) - x(from)}%`;
    const when = until > from ? `${dateWords.format(from)} – ${dateWords.format(until)}` : dateWords.format(from);
    list.append(
      html(
        "li",
        {},
        html("span", { class: "when" }, when),
        html("span", { class: "what" }, nameLink(row, label)),
        html("span", { class: "track" }, bar),
      ),
    );
  }
  const hidden = all.length - shown.length;
  const more = hidden
    ? html("p", { class: "hint" }, t("only_first", { count: number(shown.length), all: number(all.length) }))
    : null;
  return [more, axis(x), list].filter(Boolean);
}

function nameLink(row, label) {
  const term = row[label] ?? {};
  const thing =
    term.type === "uri"
      ? term
      : Object.values(row).find((each) => each.type === "uri" && hrefOf(each.value).startsWith("/"));
  const text = show(row[label]) || "–";
  return thing && hrefOf(thing.value) ? html("a", { href: hrefOf(thing.value) }, text) : text;
}

function axis(x) {
  const ruler = html("div", { class: "axis", "aria-hidden": "true" });
  const [first, last] = x.domain();
  const years = (last - first) / DAY > 730;
  const words = new Intl.DateTimeFormat(
    language,
    years ? { year: "numeric", timeZone: "UTC" } : { month: "short", year: "numeric", timeZone: "UTC" },
  );
  let before = "";
  for (const tick of x.ticks(4)) {
    if (words.format(tick) === before) continue;
    before = words.format(tick);
    const mark = html("span", {}, before);
    mark.style.left = `${x(tick)}%`;
    ruler.append(mark);
  }
  return ruler;
}
