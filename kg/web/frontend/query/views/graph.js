// The answer as a graph: two of its columns are the ends of the edges, weighted by how often they meet.
import { extent, rollup } from "d3-array";
import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { scaleLinear } from "d3-scale";
import { columnsOf, kindOf } from "../columns.js";
import { html, svg } from "../dom.js";
import { show } from "../names.js";
import { number, t } from "../page.js";
import { frame, mark } from "./frame.js";
import { Room } from "./room.js";

const MOST_EDGES = 250;
const STEPS = 300;
const MARGIN = 24; // pixels

/** Draw the answer into the container. */
export function draw(container, answer) {
  const columns = columnsOf(answer, "thing", "text");
  const things = columns.filter((column) => kindOf(answer, column) === "thing");
  const ends =
    answer.kind === "graph"
      ? ["subject", "value"]
      : [...things, ...columns.filter((column) => !things.includes(column))];
  const chosen = things.length > 1 || answer.kind === "graph" ? ends : columns;
  const state = { from: chosen[0], to: chosen[1] };
  const options = columns.map((column) => [column, column]);
  const choices = [
    ["from", t("from"), options],
    ["to", t("to"), options],
  ];
  frame(container, "graph", state, choices, (width) => drawGraph(width, answer, state));
}

function drawGraph(width, answer, { from, to }) {
  const named = answer.rows.filter((row) => row[from] && row[to]);
  const all = [
    ...rollup(
      named,
      (rows) => ({ source: rows[0][from].value, target: rows[0][to].value, row: rows[0], count: rows.length }),
      (row) => `${row[from].value} ${row[to].value}`,
    ).values(),
  ];
  const edges = all.sort((one, other) => other.count - one.count).slice(0, MOST_EDGES);
  const nodes = new Map();
  for (const { source, target, row, count } of edges) {
    for (const [id, term] of [
      [source, row[from]],
      [target, row[to]],
    ]) {
      const node = nodes.get(id) ?? { id, term, count: 0 };
      node.count += count;
      nodes.set(id, node);
    }
  }
  const height = Math.round(Math.min(900, Math.max(260, width * 0.6, Math.sqrt(nodes.size) * 90)));
  settle([...nodes.values()], edges, width, height);
  const picture = svg("svg", {
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "group",
    "aria-label": t("graph_of", { nodes: number(nodes.size), edges: number(edges.length) }),
  });
  for (const { source, target, count } of edges) {
    const title = `${show(source.term)} – ${show(target.term)}: ${number(count)}`;
    picture.append(
      svg(
        "line",
        { x1: source.x, y1: source.y, x2: target.x, y2: target.y, "stroke-width": Math.min(7, 0.8 + Math.sqrt(count)) },
        svg("title", {}, title),
      ),
    );
  }
  const room = new Room(width);
  const greatest = [...nodes.values()].sort((one, other) => other.count - one.count);
  picture.append(...greatest.map((node) => drawNode(node, room)));
  const more =
    all.length > edges.length
      ? html("p", { class: "hint" }, t("only_first", { count: number(edges.length), all: number(all.length) }))
      : null;
  return [picture, more].filter(Boolean);
}

/** Give the nodes their places; the same answer always gets the same ones. */
function settle(nodes, edges, width, height) {
  const simulation = forceSimulation(nodes)
    .force(
      "link",
      forceLink(edges)
        .id((node) => node.id)
        .distance(70),
    )
    .force("charge", forceManyBody().strength(-160))
    .force("apart", forceCollide(30))
    .force("middle", forceCenter(width / 2, height / 2))
    .force("x", forceX(width / 2).strength(0.06))
    .force("y", forceY(height / 2).strength(0.06 * (width / height)))
    .stop()
    .tick(STEPS);
  const placed = simulation.nodes();
  for (const [axis, size] of [
    ["x", width],
    ["y", height],
  ]) {
    const [least, most] = extent(placed, (node) => node[axis]);
    const fit = scaleLinear([least, most], least < most ? [MARGIN, size - MARGIN] : [size / 2, size / 2]);
    for (const node of placed) node[axis] = Math.round(fit(node[axis]));
  }
}

function drawNode({ term, x, y, count }, room) {
  const name = show(term);
  const short = name.length > 28 ? `${name.slice(0, 27)}…` : name;
  const radius = Math.min(12, 3.5 + Math.sqrt(count));
  return mark(
    "node",
    term,
    count,
    svg("circle", { cx: x, cy: y, r: radius }),
    svg("text", room.place(short, x, y, radius), short),
  );
}
