// The answer on a map: where its things lie, and arcs where it names two places in a row.
import { rollup } from "d3-array";
import { geoEqualEarth, geoGraticule10, geoInterpolate, geoPath } from "d3-geo";
import { feature, mesh } from "topojson-client";
import world from "world-atlas/countries-110m.json";
import { ask } from "../answer.js";
import { columnsOf } from "../columns.js";
import { html, svg } from "../dom.js";
import { show } from "../names.js";
import { number, t } from "../page.js";
import { statusColumn, statusLegend, statusOf } from "../statuses.js";
import { frame, mark } from "./frame.js";
import { Room } from "./room.js";

const BATCH = 500;
const MOST_PLACES = 1000;
const MOST_WAYS = 250;
const MOST_NAMES = 25;
const LOCATE = `PREFIX lb: <https://w3id.org/lagebild/ontology#>
  PREFIX schema: <https://schema.org/>
  PREFIX wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#>
  SELECT ?iri ?own ?long ?lat WHERE {
    VALUES ?iri { IRIS }
    { ?iri wgs84:lat ?lat ; wgs84:long ?long . BIND(true AS ?own) }
    UNION
    { ?iri lb:destination|lb:place|lb:country|schema:location ?place . ?place wgs84:lat ?lat ; wgs84:long ?long }
  }
  ORDER BY ?iri ?place`;
const POINT = /POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)/i;
const land = feature(world, world.objects.land);
const borders = mesh(world, world.objects.countries, (one, other) => one !== other);

/** Draw the answer into the container. */
export async function draw(container, answer) {
  const located = await locate(answer);
  const columns = columnsOf(answer, "thing", "point").filter((column) =>
    answer.rows.some((row) => placeOf(located, row[column])),
  );
  if (!columns.length) {
    container.append(html("p", { class: "empty" }, t("no_places")));
    return;
  }
  const state = { from: columns[0], to: columns[1] ?? "", whole: "" };
  const options = columns.map((column) => [column, column]);
  const extents = [
    ["", t("extent_found")],
    ["world", t("extent_world")],
  ];
  const choices = [
    ["from", columns.length > 1 ? t("from") : t("place"), options],
    columns.length > 1 ? ["to", t("to"), [["", t("nothing")], ...options]] : null,
    ["whole", t("extent"), extents],
  ];
  const status = statusColumn(answer);
  frame(container, "map", state, choices, (width) => drawMap(width, answer, located, { ...state, status }));
  if (status) container.append(statusLegend(new Set(answer.rows.map((row) => statusOf(show(row[status]))))));
}

/** Ask the graph where the things of the answer lie: an event where it happens, a person in their country. */
async function locate(answer) {
  const iris = new Set();
  for (const column of columnsOf(answer, "thing")) {
    for (const row of answer.rows) if (row[column]?.type === "uri") iris.add(row[column].value);
  }
  const wanted = [...iris].filter((iri) => !/[<>"{}|\\^`\s]/.test(iri)).slice(0, MOST_PLACES);
  const located = new Map();
  for (let start = 0; start < wanted.length; start += BATCH) {
    const values = wanted.slice(start, start + BATCH).map((iri) => `<${iri}>`);
    const { rows } = await ask(LOCATE.replace("IRIS", values.join(" ")));
    for (const { iri, own, long, lat } of rows) {
      if (own || !located.has(iri.value)) located.set(iri.value, [Number(long.value), Number(lat.value)]);
    }
  }
  return located;
}

/** Return the longitude and latitude of a term; nothing where it has none. */
function placeOf(located, term) {
  if (!term) return undefined;
  const point = POINT.exec(term.value);
  return point ? [Number(point[1]), Number(point[2])] : located.get(term.value);
}

function drawMap(width, answer, located, { from, to, whole, status }) {
  const ways = rollup(
    answer.rows.filter((row) => placeOf(located, row[from]) || placeOf(located, row[to])),
    ([row, ...more]) => ({ one: row[from], other: row[to], standing: row[status], count: 1 + more.length }),
    (row) => [row[from], row[to], row[status]].map((term) => term?.value).join(" "),
  );
  const all = [...ways.values()].sort((one, other) => other.count - one.count);
  const shown = all.slice(0, MOST_WAYS);
  const places = new Map();
  for (const { one, other, count } of shown) {
    for (const term of [one, other]) {
      const point = placeOf(located, term);
      if (!point) continue;
      const place = places.get(term.value) ?? { term, point, count: 0 };
      place.count += count;
      places.set(term.value, place);
    }
  }
  const height = Math.round(Math.max(220, width * 0.55));
  const points = { type: "MultiPoint", coordinates: [...places.values()].map(({ point }) => point) };
  const projection = fit(points, width, height, whole);
  const path = geoPath(projection).digits(1);
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "group",
      "aria-label": t("map_of", { places: number(places.size), rows: number(answer.rows.length) }),
    },
    svg("path", { class: "graticule", d: path(geoGraticule10()) }),
    svg("path", { class: "land", d: path(land) }),
    svg("path", { class: "borders", d: path(borders) }),
  );
  const turns = new Map(); // a second arc between two places bends more
  for (const { one, other, standing, count } of shown) {
    const [start, end] = [placeOf(located, one), placeOf(located, other)];
    if (!start || !end || one.value === other.value) continue;
    const title = [`${show(one)} → ${show(other)}`, standing && show(standing), number(count)]
      .filter(Boolean)
      .join(", ");
    const pair = [one.value, other.value].sort().join(" ");
    const turn = turns.get(pair) ?? 0;
    turns.set(pair, turn + 1);
    picture.append(arc(projection, start, end, title, count, statusOf(show(standing)), turn));
  }
  picture.append(
    ...drawPlaces(
      projection,
      width,
      [...places.values()].sort((one, other) => other.count - one.count),
    ),
  );
  const more = html("p", { class: "hint" }, t("only_first", { count: number(shown.length), all: number(all.length) }));
  return all.length > shown.length ? [picture, more] : [picture];
}

/** Fit the projection to the points, with land around them, or to the whole world. */
function fit(points, width, height, whole) {
  const projection = geoEqualEarth();
  if (whole || points.coordinates.length < 2) return projection.fitSize([width, height], { type: "Sphere" });
  const margin = Math.min(60, width / 8);
  projection.fitExtent(
    [
      [margin, margin],
      [width - margin, height - margin],
    ],
    points,
  );
  const closest = width * 1.6;
  if (projection.scale() > closest) {
    const [[left, top], [right, bottom]] = geoPath(projection).bounds(points);
    const middle = projection.invert([(left + right) / 2, (top + bottom) / 2]);
    projection.scale(closest).translate([0, 0]);
    const [x, y] = projection(middle);
    projection.translate([width / 2 - x, height / 2 - y]);
  }
  return projection;
}

function arc(projection, start, end, title, count, status, turn) {
  const [from, to] = [projection(start), projection(end)];
  const middle = projection(geoInterpolate(start, end)(0.5));
  const bend = Math.hypot(to[0] - from[0], to[1] - from[1]) * (0.15 + 0.1 * turn);
  return svg(
    "path",
    {
      class: `way s-${status}`,
      d: `M${from}Q${middle[0]},${middle[1] - bend} ${to}`,
      "stroke-width": Math.min(8, 1.5 + Math.sqrt(count)),
    },
    svg("title", {}, title),
  );
}

function drawPlaces(projection, width, places) {
  const room = new Room(width);
  return places.map(({ term, point, count }, index) => {
    const [x, y] = projection(point);
    const radius = Math.min(14, 3.5 + Math.sqrt(count));
    const name = show(term);
    const isNamed = index < MOST_NAMES && term.type === "uri";
    return mark(
      "place",
      term,
      count,
      svg("circle", { cx: x, cy: y, r: radius }),
      isNamed ? svg("text", room.place(name, x, y, radius), name) : null,
    );
  });
}
