// Bundles the scripts of the pages into ../static/vendor/, the views of the query page apart, and draws the world there.
import { build } from "esbuild";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { outlineWorld } from "./world.mjs";

const out = "../static/vendor";
await mkdir(out, { recursive: true });
for (const name of await readdir(out)) {
  if (!name.startsWith(".")) await rm(`${out}/${name}`, { recursive: true }); // parts of an earlier build
}
await build({
  entryPoints: { query: "query/main.js" },
  outdir: out,
  chunkNames: "[name]-[hash]",
  bundle: true,
  loader: { ".rq": "text" }, // queries that the server's pages ask too
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "linked",
  logLevel: "warning",
});
await writeFile(`${out}/world.json`, JSON.stringify(outlineWorld()));
