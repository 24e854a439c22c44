// The current query as a command or program that asks for the same.
import { endpoint } from "./page.js";

/** Language to a function from a query and the media type of its answer to code. */
export const SNIPPETS = { curl: forCurl, Python: forPython, R: forR };

function forCurl(query, type) {
  return `curl '${endpoint}' \\
  --header 'Accept: ${type}' \\
  --data-urlencode 'query=${query.trim().replaceAll("'", "'\\''")}'
`;
}

function forPython(query, type) {
  const text = query.trim().replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"').replace(/"$/, '\\"');
  const use =
    type === "text/csv"
      ? `rows = list(csv.DictReader(io.StringIO(response.text)))  # or pandas.read_csv(io.StringIO(response.text))
print(len(rows), "rows")`
      : "print(response.text)";
  return `${type === "text/csv" ? "import csv\nimport io\n\n" : ""}import requests

query = """${text}"""
response = requests.post("${endpoint}", data={"query": query}, headers={"Accept": "${type}"}, timeout=60)
response.raise_for_status()
response.encoding = "utf-8"
${use}
`;
}

function forR(query, type) {
  const dashes = "-".repeat(1 + Math.max(0, ...[...query.matchAll(/\)(-*)"/g)].map((match) => match[1].length)));
  const use =
    type === "text/csv" ? 'rows <- read.csv(text = body, encoding = "UTF-8")\nprint(nrow(rows))' : "cat(body)";
  return `library(httr2)

query <- r"${dashes}(${query.trim()})${dashes}"
body <- request("${endpoint}") |>
  req_headers(Accept = "${type}") |>
  req_body_form(query = query) |>
  req_perform() |>
  resp_body_string()
${use}
`;
}
