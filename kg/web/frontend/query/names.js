// What things are called: the ontology's terms at once, other things once the graph was asked.
import NAMES from "../../queries/names.rq";
import { ask } from "./answer.js";
import { language } from "./page.js";

const BATCH = 500;
const MOST = 2000; // so that a view comes at once; the table asks for the others when it needs them
const LONGEST = 120; // letters of a sentence
const ONTOLOGY = "https://w3id.org/lagebild/ontology#";
const NOT_IN_IRI = /[<>"{}|\\^`\s]/;

const known = new Map();

/** Remember the names of terms. */
export function learn(terms) {
  for (const { iri, label } of terms) known.set(iri, label);
}

/** Return the name of an IRI; the last part of it where it has none. */
export function nameOf(iri) {
  return known.get(iri) || lastPart(iri);
}

/** Tell whether the IRI has a name. */
export function isNamed(iri) {
  return Boolean(known.get(iri));
}

/** Return how a term is shown: a name for an IRI, the text of a literal, "" for nothing. */
export function show(term) {
  if (!term) return "";
  return term.type === "uri" ? nameOf(term.value) : (term.said ?? term.value);
}

/**
 * Have the terms shown by their names in the columns that hold local names of the ontology's terms and nothing else, as
 * a query gives them by STRAFTER(STR(?status), "#").
 */
export function nameTerms(answer) {
  const iriOf = ({ type, value, ...more }) => (type === "literal" && !more["xml:lang"] ? ONTOLOGY + value : "");
  for (const column of answer.columns) {
    const terms = answer.rows.map((row) => row[column]).filter(Boolean);
    if (terms.every((term) => isNamed(iriOf(term)))) for (const term of terms) term.said = nameOf(iriOf(term));
  }
}

/**
 * Ask the graph for the names of the IRIs in an answer that it was not asked about before, of the first `most` of them;
 * tell whether there are any.
 */
export async function learnFrom(answer, most = MOST) {
  const iris = new Set();
  for (const row of answer.rows) {
    for (const term of Object.values(row)) {
      if (term.type === "uri" && !known.has(term.value) && !NOT_IN_IRI.test(term.value)) iris.add(term.value);
    }
  }
  const wanted = [...iris].slice(0, most);
  for (let start = 0; start < wanted.length; start += BATCH) {
    const batch = wanted.slice(start, start + BATCH);
    const values = batch.map((iri) => `<${iri}>`).join(" ");
    const { rows } = await ask(NAMES.replace("WHERE {", `WHERE { VALUES ?this { ${values} }`));
    for (const iri of batch) known.set(iri, "");
    for (const { this: thing, name, elsewhere } of rows) {
      if (known.get(thing.value) && name["xml:lang"] !== language) continue;
      known.set(thing.value, elsewhere ? `${name.value} (${lastPart(thing.value)})` : cut(name.value));
    }
  }
  return wanted.length > 0;
}

/** Cut a text that is long, a sentence for example, after a word. */
function cut(text) {
  if (text.length <= LONGEST) return text;
  const begin = text.slice(0, LONGEST);
  return `${begin.slice(0, begin.lastIndexOf(" ") + 1 || LONGEST).trimEnd()}…`;
}

function lastPart(iri) {
  const part = iri
    .replace(/[/#]+$/, "")
    .split(/[/#]/)
    .at(-1);
  try {
    return decodeURIComponent(part) || iri;
  } catch {
    return part;
  }
}
