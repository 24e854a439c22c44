// Where the cursor of an editor stands: the word or name before it that may become a term, and what that term would be.
//
// YASQE's own tokens do not serve: it takes the "A" of a name for the "a" that stands for rdf:type, and a name of two
// words for a mistake. What may follow is read from the parser's state before the name.

const WORD = /(?<![?$@\p{L}\p{N}_:.%-])(?:(?:<|https?:\/\/)[^\s<>"{}|\\^`]*|\p{L}[\p{L}\p{N}_.:%'’-]*)$/u;
const WORDS_BEFORE = /(?<![?$@\p{L}\p{N}_:.%/<'’-])(?:\p{L}[\p{L}\p{N}.'’-]*\s+)+$/u; // "North " before "Ko"
const KEYWORDS =
  /^(?:a|IN)$|^(?:as|base|by|describe|distinct|exists|filter|from|graph|minus|named|not|optional|prefix|reduced|select|service|silent|union|values|where)$/i;
const IS_IRI = /[:<]/;
const CLASS_AFTER = new Set(["a", "rdf:type", "rdfs:subClassOf", "lb:eventType", "rdfs:domain", "rdfs:range"]);
const LITERAL_OR_IRI = /<[^<>\s]*>|"[^"\n]*"|'[^'\n]*'/g;

/**
 * Return the name before the cursor where it may become a term, else null.
 *
 * @returns {?{string: string, role: "class"|"property"|"thing"|"any"|"graph", start: number, end: number,
 *   from: object, to: object}}
 */
export function positionOf(yasqe) {
  const { line, ch } = yasqe.getDoc().getCursor();
  if (["comment", "string"].includes(yasqe.getTokenAt({ line, ch }).type)) return null;
  const text = yasqe.getLine(line).slice(0, ch);
  const [word] = WORD.exec(text) ?? [];
  if (!word || KEYWORDS.test(word)) return null;
  const start = IS_IRI.test(word) ? ch - word.length : startOfName(text, ch - word.length);
  const string = text.slice(start);
  const role = roleOf(yasqe, { line, ch: start }, string);
  return role && { string, role, start, end: ch, from: { line, ch: start }, to: { line, ch } };
}

/** Return where the name begins whose last word begins at `start`: after the last keyword or sign. */
function startOfName(text, start) {
  const words = WORDS_BEFORE.exec(text.slice(0, start))?.[0].split(/(?<=\s)(?=\S)/) ?? [];
  const own = words.slice(words.findLastIndex((word) => KEYWORDS.test(word.trim())) + 1);
  return start - own.join("").length;
}

/** Return what a term at a place would be; null where none may stand. */
function roleOf(yasqe, place, string) {
  const before = yasqe.getDoc().getRange({ line: 0, ch: 0 }, place).trimEnd();
  const { state } = yasqe.getTokenAt(place, true);
  if (state.OK === false) return guessRole(before);
  const { possibleNext: next, stack } = state;
  const isKeyword = next.some((token) => /^[A-Z]+$/.test(token) && token.startsWith(string));
  if (isKeyword || !next.includes("PNAME_LN") || stack.at(-1) === "iriRef") return null; // a datatype is none of ours
  if (/\b(?:FROM|FROM\s+NAMED|GRAPH)$/i.test(before)) return "graph";
  if (/\b(?:SERVICE|SERVICE\s+SILENT)$/i.test(before)) return null;
  if (next.includes("STR")) return isOperand(before) || IS_IRI.test(string) ? "any" : null; // else a function's name
  if (next.includes("a")) return "property";
  if (next.includes("UNDEF") || /varOrIRIref/.test(stack.at(-1))) return "any"; // VALUES, DESCRIBE
  return isClassNext(before, state) ? "class" : "thing";
}

function isClassNext(before, { lastProperty }) {
  const previous = before.endsWith(",") ? lastProperty : /[^\s{}.;,()/^|]*$/.exec(before.replace(/[*+?]$/, ""))[0];
  return CLASS_AFTER.has(previous);
}

/** Tell whether a value is expected in an expression, that which another is compared with or a member of a list. */
function isOperand(before) {
  return before.endsWith("=") || /\bIN\s*\([^()]*$/i.test(before);
}

/** Guess the part by counting the terms since the last sign, where a mistake further up has stopped the parser. */
function guessRole(before) {
  if (before.split("{").length <= before.split("}").length) return null;
  const [, sign, terms] = /([{}.;[\]]?)([^{}.;[\]]*)$/.exec(before.replaceAll(LITERAL_OR_IRI, "<>"));
  const count = terms.split(/\s+/).filter(Boolean).length + (sign === ";" ? 1 : 0);
  return count === 1 || /[/^|!]$/.test(terms) ? "property" : "thing";
}
