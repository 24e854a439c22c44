// What the editor completes: our prefixes, the terms that the graph uses, and things by their names.
import { Yasgui } from "@zazuko/yasgui";
import { language } from "./page.js";
import { positionOf } from "./position.js";

const { Yasqe } = Yasgui;
const MOST = 40;
const KINDS = {
  class: ["class"],
  property: ["property"],
  thing: ["class", "concept"],
  any: ["class", "concept", "property"],
  graph: ["graph"],
}; // part that a term may play, to what is offered for it

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
      isValidCompletionPosition: (yasqe) => positionOf(yasqe) !== null,
      preProcessToken: (yasqe, token) => ({ ...token, ...positionOf(yasqe) }),
      get: (_, position) => completer.find(position),
      postProcessSuggestion: (_, position, iri) => completer.shorten(iri),
      postprocessHints: (yasqe, hints) => hints.map((hint) => completer.explain(hint)),
    },
    false,
  );
  return ["variables", "our-prefixes", "our-terms"];
}

class TermCompleter {
  #terms;
  #prefixes;
  #offers = new Map(); // by what is put into the query

  constructor(terms, prefixes) {
    this.#prefixes = Object.entries(prefixes);
    this.#terms = terms.map((term) => ({ ...term, short: this.shorten(term.iri) }));
  }

  /** Return the IRIs of what fits a position (see position.js), the best first. */
  async find({ string, role }) {
    if (!role) return []; // a sign that ends the name was typed while its offers are shown
    const typed = string.replace(/^</, "").replaceAll(/\s+/g, " ").toLocaleLowerCase(language);
    const terms = this.#terms
      .filter(({ kind }) => KINDS[role].includes(kind))
      .map((term) => ({ term, rank: rankOf(term, typed) }))
      .filter(({ rank }) => rank < Infinity)
      .sort((one, other) => one.rank - other.rank || other.term.uses - one.term.uses)
      .map(({ term }) => term);
    const source = { thing: "entities", any: "entities", graph: "graphs" }[role];
    const things = source ? await findNamed(source, typed) : [];
    const offers = [...things, ...terms].slice(0, MOST);
    for (const offer of offers) this.#offers.set(this.shorten(offer.iri), offer);
    // what is there in full, or was just taken, needs no offers: Enter is for the next line again
    return this.#offers.has(string) ? [] : offers.map(({ iri }) => iri);
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
    const isTerm = ["class", "property", "concept", "graph"].includes(kind);
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

/** Find things, or the graphs of articles, by the beginning of a name or of the last part of an IRI. */
async function findNamed(source, typed) {
  const isIri = typed.startsWith("http");
  const words = isIri ? typed.split("/").at(-1).replaceAll("-", " ") : typed;
  if (words.length < (isIri ? 1 : 2) || words.includes(":")) return [];
  const parameters = new URLSearchParams({ q: words, lang: language });
  const response = await fetch(`/sparql/${source}?${parameters}`).catch(() => null);
  if (!response?.ok) return [];
  const isFirst = ({ label }) => label.toLocaleLowerCase(language).startsWith(words);
  return (await response.json())[source].sort((one, other) => isFirst(other) - isFirst(one)); // before other names
}
