// What a column of an answer holds, so that a view knows what it can draw.

const NUMBERS =
  /#(integer|decimal|double|float|(non(Negative|Positive)|positive|negative)Integer|(unsigned)?(Long|Int|Short|Byte)|long|int|short|byte)$/;
const DATES = /#(date|dateTime|gYear|gYearMonth)$/;
const DATE = /^\d{4}-\d\d(-\d\d(T.*)?)?$/;

/** Return a column's kind, the one that all its terms have: "number", "date", "thing", "point", "text" or "empty". */
export function kindOf(answer, column) {
  const kinds = new Set();
  for (const row of answer.rows) if (row[column]) kinds.add(kindOfTerm(row[column]));
  if (kinds.size === 0) return "empty";
  return kinds.size === 1 ? [...kinds][0] : "text";
}

function kindOfTerm(term) {
  if (term.type !== "literal") return "thing";
  const datatype = term.datatype ?? "";
  if (NUMBERS.test(datatype)) return "number";
  if (datatype.endsWith("#wktLiteral")) return "point";
  if (DATES.test(datatype) || (!term["xml:lang"] && DATE.test(term.value))) return "date";
  return "text";
}

/** Return the columns of an answer that have one of the kinds. */
export function columnsOf(answer, ...kinds) {
  return answer.columns.filter((column) => kinds.includes(kindOf(answer, column)));
}

/** Return the day that a date starts on: "2024", "2024-11" and "2024-11-18T…" are dates too. */
export function dayOf(term) {
  if (!term) return null;
  const day = new Date(term.value.slice(0, 10).padEnd(10, "-01-01".slice(term.value.length - 4)));
  return Number.isNaN(day.getTime()) ? null : day;
}
