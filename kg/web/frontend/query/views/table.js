// The answer as a table: names in place of IRIs, sorted by a click on a head, filtered by words, in pages.
import { kindOf } from "../columns.js";
import { choice, html } from "../dom.js";
import { isNamed, learnFrom, show } from "../names.js";
import { hrefOf, language, number, t } from "../page.js";

const SIZES = [50, 200, 1000];
const LONGEST_IRI = 60;

/** Draw the answer into the container: its rows, yes or no, or what to do where there is no row. */
export function draw(container, answer) {
  if (answer.kind === "boolean") container.append(html("p", { class: "boolean" }, answer.value ? t("yes") : t("no")));
  else if (answer.rows.length === 0) container.append(html("p", { class: "empty" }, t("no_rows_then")));
  else drawRows(container, answer);
}

function drawRows(container, answer) {
  const kinds = new Map(answer.columns.map((column) => [column, kindOf(answer, column)]));
  const state = { column: null, down: false, words: "", page: 0, size: SIZES[0] };
  const { rows } = answer;
  let shown = [];
  let knowsAll = false; // the names of all rows
  const body = html("tbody");
  const heads = answer.columns.map((column) => {
    const button = html("button", { type: "button", click: () => sort(column) }, column);
    return html("th", { scope: "col", class: classOf(kinds.get(column)) }, button);
  });
  const filter = html("input", {
    type: "search",
    input: () => update({ words: filter.value.toLocaleLowerCase(language), page: 0 }),
  });
  const turn = (by) => () => update({ page: state.page + by });
  const back = html("button", { type: "button", click: turn(-1) }, t("previous"));
  const on = html("button", { type: "button", click: turn(1) }, t("next"));
  const place = html("span", { "aria-live": "polite" });
  const pager = html("div", { class: "table-pager" }, back, place, on);
  const sizes = choice(
    t("rows_a_page"),
    SIZES.map((size) => [String(size), number(size)]),
    String(state.size),
    (size) => update({ size: Number(size), page: 0 }),
  );
  const controls = html(
    "div",
    { class: "view-controls" },
    html("label", { class: "choice" }, html("span", {}, t("filter")), filter),
    rows.length > SIZES[0] ? sizes : null,
  );
  const table = html("table", { class: "results-table" }, html("thead", {}, html("tr", {}, ...heads)), body);
  container.append(
    controls,
    html("div", { class: "scroll", role: "region", "aria-label": t("view_table"), tabindex: "0" }, table),
    pager,
  );

  /** Learn the names that are sorted or filtered by, of rows on other pages too. */
  function learnAll() {
    if (knowsAll) return;
    knowsAll = true;
    learnFrom(answer, Infinity).then((news) => news && update({}), () => {});
  }

  function drawBody(part) {
    body.replaceChildren(
      ...part.map((row) => html("tr", {}, ...answer.columns.map((column) => cell(row[column], kinds.get(column))))),
    );
    learnFrom({ rows: part }).then((news) => news && part === shown && drawBody(part), () => {});
  }

  function sort(column) {
    update({ column, down: state.column === column && !state.down, page: 0 });
  }

  function update(change) {
    Object.assign(state, change);
    heads.forEach((head, index) => {
      const sorted = answer.columns[index] === state.column;
      head.setAttribute("aria-sort", sorted ? (state.down ? "descending" : "ascending") : "none");
    });
    if (state.words || state.column) learnAll();
    const found = state.words ? rows.filter((row) => textOf(row).includes(state.words)) : [...rows];
    if (state.column) found.sort(comparing(state.column, kinds.get(state.column), state.down));
    const first = state.page * state.size;
    shown = found.slice(first, first + state.size);
    drawBody(shown);
    pager.hidden = found.length <= state.size && found.length === rows.length;
    back.disabled = first === 0;
    on.disabled = first + state.size >= found.length;
    place.textContent = t("shown", {
      from: number(found.length && first + 1),
      to: number(first + shown.length),
      all: number(found.length),
    });
  }
  update({});
}

function textOf(row) {
  return Object.values(row).map(show).join(" ").toLocaleLowerCase(language);
}

function comparing(column, kind, down) {
  const texts = new Intl.Collator(language, { numeric: true });
  const compare =
    kind === "number" ? (one, other) => one.value - other.value : (one, other) => texts.compare(show(one), show(other));
  return ({ [column]: one }, { [column]: other }) => {
    if (!one || !other) return Number(!one) - Number(!other); // empty cells come last either way
    return down ? compare(other, one) : compare(one, other);
  };
}

function classOf(kind) {
  return ["number", "date"].includes(kind) ? kind : null;
}

function cell(term, kind) {
  if (!term) return html("td");
  if (term.type === "literal") {
    return html(
      "td",
      { class: classOf(kind), lang: term["xml:lang"], title: term.said ? term.value : term.datatype },
      show(term),
    );
  }
  const text = isNamed(term.value) || term.value.length > LONGEST_IRI ? show(term) : term.value;
  const href = term.type === "uri" ? hrefOf(term.value) : "";
  return html("td", {}, href ? html("a", { href, title: term.value }, text) : text);
}
