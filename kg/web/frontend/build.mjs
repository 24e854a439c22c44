// Bundles the scripts of the pages into ../static/vendor/.
import { build } from "esbuild";

await build({
  entryPoints: { query: "query.js" },
  outdir: "../static/vendor",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  legalComments: "linked",
  loader: { ".svg": "dataurl", ".png": "dataurl", ".woff": "dataurl", ".woff2": "dataurl", ".ttf": "dataurl", ".eot": "dataurl" },
  logLevel: "warning",
});
