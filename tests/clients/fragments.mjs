// node fragments.mjs FOLDER ADDRESS: answers the query on the standard input from the triple pattern fragments at ADDRESS
// with Comunica, which is installed in FOLDER; prints the rows as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, address] = process.argv.slice(2);
const { QueryEngine } = createRequire(`${folder}/`)("@comunica/query-sparql");
const stream = await new QueryEngine().queryBindings(readFileSync(0, "utf8"), { sources: [address] });
const rows = await stream.toArray();
console.log(JSON.stringify(rows.map((row) => Object.fromEntries([...row].map(([key, term]) => [key.value, term.value])))));
