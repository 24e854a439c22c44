// Asking the endpoint, and its answers as rows of terms.
import { endpoint, t, tell, wordProblem } from "./page.js";

const MOST_BYTES = 40_000_000; // more than a browser should draw
const TABLE = "application/sparql-results+json";
const GRAPH = "application/n-triples";
const TRUNCATED = "# truncated: ";
const TRIPLE = /^(<[^>]*>|_:\S+) (<[^>]*>) (.*) \.$/;
const LITERAL = /^"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?$/;
const ESCAPES = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

const MOST_DETAIL = 400; // characters

/** An error that says what went wrong and what to do about it; `details` are what the server says, as `tell` has it. */
export class Problem extends Error {
  constructor(message, remedy = "", details = []) {
    super(message);
    this.remedy = remedy;
    this.details = details;
  }
}

/**
 * Ask the endpoint.
 * @returns {Promise<{kind: "table"|"boolean"|"graph", columns: string[], rows: object[], value?: boolean,
 *   truncated?: string, text: string, ms: number}>} each row has a term of SPARQL's JSON format by column; `truncated`
 *   is what the server says where a limit has cut the answer, `text` what it sent
 * @throws {Problem} the server refuses, cannot be reached or breaks off; an AbortError where `signal` stops it
 */
export async function ask(query, signal) {
  const started = performance.now();
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/sparql-query",
      Accept: `${TABLE}, ${GRAPH};q=0.9, application/problem+json;q=0.8`,
    },
    body: query,
    signal,
  }).catch((error) => {
    throw error.name === "AbortError" ? error : new Problem(t("no_network"));
  });
  if (!response.ok) throw await readProblem(response);
  const text = await readText(response);
  const type = response.headers.get("Content-Type") ?? "";
  const answer = type.startsWith(GRAPH) ? readGraph(text) : readTable(text);
  return { ...answer, text, ms: performance.now() - started };
}

/** Return what went wrong: in the page's words where it has any for it, and in those of the server. */
export async function readProblem(response) {
  const status = `${response.status} ${response.statusText}`.trim();
  const problem = await response.json().catch(() => null);
  if (!problem) return new Problem(t("other_answer", { status }), wordProblem("busy").remedy); // a proxy's, say
  const { message, remedy } = wordProblem(problem.type) ?? { message: problem.title ?? status };
  return new Problem(message, remedy, [problem.detail, problem.remedy].filter(Boolean).map(tell).map(shorten));
}

function shorten({ text, lang }) {
  return { text: text.length > MOST_DETAIL ? `${text.slice(0, MOST_DETAIL)}…` : text, lang };
}

async function readText(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw error.name === "AbortError" ? error : new Problem(t("cut_off"));
    });
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > MOST_BYTES) {
      await reader.cancel();
      throw new Problem(t("too_large"), t("too_large_remedy"));
    }
    text += decoder.decode(value, { stream: true });
  }
}

function readTable(text) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Problem(t("cut_off"), text.slice(-200));
  }
  if ("boolean" in answer) return { kind: "boolean", value: answer.boolean, columns: [], rows: [] };
  const { head, results, truncated } = answer;
  return { kind: "table", columns: head.vars, rows: results.bindings, truncated };
}

function readGraph(text) {
  const rows = [];
  let truncated;
  for (const line of text.split("\n")) {
    const match = TRIPLE.exec(line);
    if (match) rows.push({ subject: readTerm(match[1]), property: readTerm(match[2]), value: readTerm(match[3]) });
    else if (line.startsWith(TRUNCATED)) truncated = line.slice(TRUNCATED.length);
    else if (line.startsWith("!!!")) throw new Problem(t("cut_off"), line);
  }
  return { kind: "graph", columns: ["subject", "property", "value"], rows, truncated };
}

function readTerm(text) {
  if (text.startsWith("<")) return { type: "uri", value: unescape(text.slice(1, -1)) };
  const literal = LITERAL.exec(text);
  if (!literal) return { type: "bnode", value: text.replace(/^_:/, "") };
  return { type: "literal", value: unescape(literal[1]), "xml:lang": literal[2], datatype: literal[3] };
}

function unescape(text) {
  return text.replace(/\\(?:u([\dA-F]{4})|U([\dA-F]{8})|(.))/gi, (_, four, eight, letter) =>
    letter ? (ESCAPES[letter] ?? letter) : String.fromCodePoint(parseInt(four ?? eight, 16)),
  );
}
