// The outlines of the countries as the front page draws them: SVG paths in the Equal Earth projection, in whole pixels.
// kg/web/worldmap.py projects places in the same way.
import { geoEqualEarth, geoPath } from "d3-geo";
import { readFileSync } from "node:fs";
import { merge, mesh } from "topojson-client";

const WIDTH = 1000;
const SOUTHERNMOST = -57; // without Antarctica, where nobody is sent

/** Return the map's width, height and scale, the path of the land and that of the borders in it. */
export function outlineWorld() {
  const world = JSON.parse(readFileSync("node_modules/world-atlas/countries-110m.json"));
  const countries = world.objects.countries;
  countries.geometries = countries.geometries.filter((country) => country.properties.name !== "Antarctica");
  const projection = geoEqualEarth().fitWidth(WIDTH, { type: "Sphere" });
  const draw = (shape) => {
    const lines = new Lines();
    geoPath(projection, lines)(shape);
    return lines.toPath();
  };
  return {
    width: WIDTH,
    height: Math.ceil(projection([0, SOUTHERNMOST])[1]),
    equator: projection([0, 0])[1],
    scale: projection.scale(),
    land: draw(merge(world, countries.geometries)),
    borders: draw(mesh(world, countries, (one, other) => one !== other)),
  };
}

/** A drawing context that keeps lines in whole pixels, without points that come twice, and writes them as steps. */
class Lines {
  lines = [];
  moveTo(x, y) {
    this.lines.push({ points: [[Math.round(x), Math.round(y)]], closed: false });
  }
  lineTo(x, y) {
    const { points } = this.lines.at(-1);
    const point = [Math.round(x), Math.round(y)];
    if (point[0] !== points.at(-1)[0] || point[1] !== points.at(-1)[1]) points.push(point);
  }
  closePath() {
    this.lines.at(-1).closed = true;
  }
  toPath() {
    const seen = this.lines.filter(({ points, closed }) => points.length > (closed ? 2 : 1));
    return seen.map(({ points, closed }) => `M${points[0]}l${steps(points)}${closed ? "z" : ""}`).join("");
  }
}

function steps(points) {
  const moves = points.slice(1).map(([x, y], index) => [x - points[index][0], y - points[index][1]]);
  return moves.flat().join(" ").replaceAll(" -", "-");
}
