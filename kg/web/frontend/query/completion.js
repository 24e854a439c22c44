// What the editor completes: our prefixes, the terms that the graph uses, and things by their names.
import { Yasgui } from "@zazuko/yasgui";
import { language } from "./page.js";

const { Yasqe } = Yasgui;
const MOST = 40;
const WORD = /(?<![?$\p{L}\d:_/-])[<\p{L}][^\s;,(){}[\]"'|^]*$/u;
const KEYWORDS = "BIND EXISTS FILTER GRAPH MINUS NOT OPTIONAL SELECT SERVICE UNDEF UNION VALUES WHERE".split(" ");
const CLASS_AFTER = new Set(["a", "rdf:type", "rdfs:subClassOf", "lb:eventType", "rdfs:domain", "rdfs:range"]);

/** Teach the editor our completers and return their names. `terms` and `prefixes` are as `/sparql/terms` gives them. */
export function registerCompleters({ terms, prefixes }) {
  const declarations = Object.entries(prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`);
  const own = { persistenceId: null, autoShow: true };
  // YASQE's completer of prefixes also declares a prefix once it is used
  Yasqe.forkAutocompleter("prefixes", { ...own, name: "our-prefixes", get: () => declarations }, false);
  const completer = new TermCompleter(terms, prefixes);
  Yasqe.registerAutocompleter(
    {
      ...own,
      name: "our-terms",
      bulk: false,
      isValidCompletionPosition: (yasqe) => wordAt(yasqe) !== null,
      preProcessToken: (yasqe, token) => ({ ...token, ...wordAt(yasqe) }),
      get: (yasqe, word) => completer.find(yasqe, word),
      postProcessSuggestion: (yasqe, word, iri) => completer.shorten(iri),
      postprocessHints: (yasqe, hints) => hints.map((hint) => completer.explain(hint)),
    },
    false,
  );
  return ["variables", "our-prefixes", "our-terms"];
}

/**
 * Return the word before the cursor where it may become a term of a triple, else null.
 *
 * YASQE's own tokens do not serve: it takes the "A" of a name for the "a" that stands for rdf:type.
 */
function wordAt(yasqe) {
  const { line, ch } = yasqe.getDoc().getCursor();
  if (["comment", "string"].includes(yasqe.getTokenAt({ line, ch }).type)) return null;
  const [string] = WORD.exec(yasqe.getLine(line).slice(0, ch)) ?? [];
  if (!string || string === "a" || KEYWORDS.some((keyword) => keyword.startsWith(string))) return null;
  const start = ch - string.length;
  if (/\([^)]*$/.test(yasqe.getLine(line).slice(0, start)) && !/[:<]/.test(string)) return null; // a function's name
  const before = yasqe.getDoc().getRange({ line: 0, ch: 0 }, { line, ch: start });
  const isInPattern = before.split("{").length > before.split("}").length;
  return isInPattern ? { string, start, end: ch, from: { line, ch: start }, to: { line, ch } } : null;
}

/** Tell which part of a triple the word is to be: "class", "property" or "thing". */
function roleOf(yasqe, { start }) {
  const { line } = yasqe.getDoc().getCursor();
  const before = yasqe.getDoc().getRange({ line: 0, ch: 0 }, { line, ch: start }).trimEnd();
  const previous = /[^\s{}.;,()/^|]*$/.exec(before)[0];
  if (CLASS_AFTER.has(previous)) return "class";
  if (/[;/^|]$/.test(before)) return "property";
  const { state } = yasqe.getTokenAt({ line, ch: start }, true);
  return [...(state.possibleNext ?? []), ...(state.possibleCurrent ?? [])].includes("a") ? "property" : "thing";
}

class TermCompleter {
  #terms;
  #prefixes;
  #offers = new Map(); // by what is put into the query

  constructor(terms, prefixes) {
    this.#prefixes = Object.entries(prefixes);
    this.#terms = terms.map((term) => ({ ...term, short: this.shorten(term.iri) }));
  }

  /** Return the IRIs of what fits the token, the best first. */
  async find(yasqe, token) {
    const typed = token.string.replace(/^</, "").toLocaleLowerCase(language);
    const role = roleOf(yasqe, token);
    const terms = this.#terms
      .filter(({ kind }) => (role === "thing" ? kind !== "property" : kind === role))
      .map((term) => ({ term, rank: rankOf(term, typed) }))
      .filter(({ rank }) => rank < Infinity)
      .sort((one, other) => one.rank - other.rank || other.term.uses - one.term.uses)
      .map(({ term }) => term);
    const things = role === "thing" ? await findThings(typed) : [];
    const offers = [...things, ...terms].slice(0, MOST);
    for (const offer of offers) this.#offers.set(this.shorten(offer.iri), offer);
    return offers.map(({ iri }) => iri);
  }

  /** Write an IRI with a prefix where it can be, else in angle brackets. */
  shorten(iri) {
    for (const [prefix, namespace] of this.#prefixes) {
      const local = iri.slice(namespace.length);
      if (iri.startsWith(namespace) && /^[A-Za-z_][\w-]*$/.test(local)) return `${prefix}:${local}`;
    }
    return `<${iri}>`;
  }

  /** Show the name and what it is beside what is put into the query. */
  explain(hint) {
    const { label, description, kind } = this.#offers.get(hint.text) ?? {};
    if (!label) return hint;
    const isTerm = ["class", "property", "concept"].includes(kind);
    return {
      ...hint,
      render: (element) => draw(element, label, isTerm ? hint.text : description, isTerm ? description : ""),
    };
  }
}

function draw(element, label, note, title) {
  const name = document.createElement("b");
  name.textContent = label;
  const after = document.createElement("span");
  after.textContent = ` ${note}`;
  element.title = title;
  element.append(name, after);
}

/** Return how well a term fits what is typed: the lower the better, Infinity if not at all. */
function rankOf({ short, iri, label }, typed) {
  const name = label.toLocaleLowerCase(language);
  const local = iri.split(/[#/]/).at(-1).toLowerCase();
  const places = [short.toLowerCase(), local, name].map((text) => text.indexOf(typed));
  if (places.includes(0)) return places.indexOf(0);
  if (iri.toLowerCase().startsWith(typed)) return 3;
  return places.some((place) => place > 0) ? 4 : Infinity;
}

/** Find things by the beginning of a name, or of the last part of an IRI. */
async function findThings(typed) {
  const isIri = typed.startsWith("http");
  const words = isIri ? typed.split("/").at(-1).replaceAll("-", " ") : typed;
  if (words.length < (isIri ? 1 : 2) || words.includes(":")) return [];
  const response = await fetch(`/sparql/entities?${new URLSearchParams({ q: words })}`).catch(() => null);
  if (!response?.ok) return [];
  const isFirst = ({ label }) => label.toLocaleLowerCase(language).startsWith(words);
  return (await response.json()).entities.sort((one, other) => isFirst(other) - isFirst(one)); // before other names
}
