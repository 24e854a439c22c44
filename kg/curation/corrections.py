"""A correction as a record, and its form in RDF: one resource in `BASE graph/curation`.

    <id/correction/5d0c…> a lb:Relabelling , lb:Correction , prov:Activity ;
        lb:corrects <id/person/kim-jong-un> ; lb:newLabel "Kim Jong-un"@de ;
        dcterms:creator "Ada Beispiel" ; dcterms:created "2026-11-26"^^xsd:date ; lb:reason "Schreibung der Behörde" .

A correction's IRI is a hash of all that it says, so that one that is imported twice is there once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal, NamedTuple, get_args

import pyoxigraph as ox

from kg.errors import CorrectionError
from kg.vocab import DCTERMS, LB, PROV, RDF_TYPE, XSD, Minter

Kind = Literal["Merge", "Split", "Relabelling", "Rejection", "RoleChange", "StatusChange", "SameEvent", "OtherEvent"]
"""Class of the correction in the ontology."""
KINDS: tuple[Kind, ...] = get_args(Kind)

NEEDED: Mapping[Kind, frozenset[str]] = {
    "Merge": frozenset({"meant"}),
    "Split": frozenset({"read_as", "meant"}),
    "Relabelling": frozenset({"label"}),
    "Rejection": frozenset(),
    "RoleChange": frozenset({"role"}),
    "StatusChange": frozenset({"status"}),
    "SameEvent": frozenset({"others"}),
    "OtherEvent": frozenset({"others"}),
}
"""What a correction of each kind says, beside what all say."""
ALLOWED: Mapping[Kind, frozenset[str]] = {"Split": frozenset({"label"}), "RoleChange": frozenset({"fillers"})}
"""What it may say."""

LANGUAGES = ("de", "en")
MAX_TEXT = 2_000
"""Longest author, reason or label, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person says against what was read. Things are named by their full IRIs."""

    kind: Kind
    target: str
    """What is corrected: the claim; of a relabelling the entity, of a merge the entity that is another one; of a split
    the article, claim or span where an entity is another one."""
    author: str
    reason: str
    day: date
    """The day on which it was made."""
    read_as: str = ""
    """The entity that a split parts from."""
    meant: str = ""
    """The entity that is meant, of a merge or split."""
    label: str = ""
    """The new name of a relabelled entity; of a split the German name of an entity that only the split makes."""
    language: str = "de"
    """Of the label."""
    role: str = ""
    """Property in the ontology: `sender`."""
    fillers: tuple[str, ...] = ()
    """All entities that fill the role, sorted; none where nobody does."""
    status: str = ""
    """Concept in the ontology: `planned`."""
    others: tuple[str, ...] = ()
    """The claims that are about the same event as the target, or about another one, sorted."""

    def __post_init__(self) -> None:
        for name in _SEVERAL:
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    def iri(self, base_iri: str) -> str:
        """Return its own IRI, which depends on what it says and not on what others could say."""
        said = {name: str(value) for name, value in asdict(self).items() if value and name not in _SEVERAL}
        said |= {name: getattr(self, name) for name in _SEVERAL if getattr(self, name)}
        return Minter(base_iri).correction(said).value


Form = Literal["iri", "term", "text", "label", "day"]


class _Property(NamedTuple):
    """How a field shows in RDF."""

    term: ox.NamedNode
    form: Form


_PROPERTIES: Mapping[str, _Property] = {
    "target": _Property(LB.term("corrects"), "iri"),
    "author": _Property(DCTERMS.term("creator"), "text"),
    "reason": _Property(LB.term("reason"), "text"),
    "day": _Property(DCTERMS.term("created"), "day"),
    "read_as": _Property(LB.term("readAs"), "iri"),
    "meant": _Property(LB.term("meant"), "iri"),
    "label": _Property(LB.term("newLabel"), "label"),
    "role": _Property(LB.term("role"), "term"),
    "fillers": _Property(LB.term("filler"), "iri"),
    "status": _Property(LB.term("newStatus"), "term"),
    "others": _Property(LB.term("otherClaim"), "iri"),
}
_SEVERAL = frozenset({"fillers", "others"})
_ALWAYS = frozenset({"target", "author", "reason", "day"})


def check_text(text: str) -> str:
    """Return a text without spaces around it.

    Raises:
        ValueError: it is empty, too long, or holds control characters.
    """
    text = text.strip()
    if not text:
        raise ValueError("must not be empty")
    if len(text) > MAX_TEXT:
        raise ValueError(f"must not be longer than {MAX_TEXT:,} characters")
    if not text.replace("\n", " ").isprintable():
        raise ValueError("must not hold control characters")
    return text


def to_quads(correction: Correction, base_iri: str) -> list[ox.Quad]:
    """Return the statements of a correction, sorted."""
    graph, iri = Minter(base_iri).curation_graph, ox.NamedNode(correction.iri(base_iri))
    classes = (LB.term(correction.kind), LB.term("Correction"), PROV.term("Activity"))
    quads = [ox.Quad(iri, RDF_TYPE, of_class, graph) for of_class in classes]
    for name, (term, form) in _PROPERTIES.items():
        value = getattr(correction, name)
        values = value if isinstance(value, tuple) else (str(value),)
        quads += [ox.Quad(iri, term, _write(form, each, correction.language), graph) for each in values if each]
    return sorted(quads, key=str)


def _write(form: Form, value: str, language: str) -> ox.NamedNode | ox.Literal:
    match form:
        case "iri":
            return ox.NamedNode(value)
        case "term":
            return LB.term(value)
        case "label":
            return ox.Literal(value, language=language)
        case "day":
            return ox.Literal(value, datatype=XSD.term("date"))
        case "text":
            return ox.Literal(value)


def _read(form: Form, term: ox.NamedNode | ox.Literal) -> str:
    """Return the value that a term stands for; ValueError where it stands for none of this form."""
    if isinstance(term, ox.NamedNode) != (form in {"iri", "term"}):
        raise ValueError("must be an IRI" if isinstance(term, ox.Literal) else "must be text")
    match form:
        case "term" if not term.value.startswith(LB.iri):
            raise ValueError("must be a term of the ontology")
        case "term":
            return term.value.removeprefix(LB.iri)
        case "text" | "label":
            return check_text(term.value)
        case "day":
            return date.fromisoformat(term.value).isoformat()
        case "iri":
            return term.value


def read_corrections(triples: Iterable[ox.Triple | ox.Quad]) -> list[Correction]:
    """Read all corrections among some statements; whatever else they say is passed over.

    Returns:
        The corrections in the order of their days.

    Raises:
        CorrectionError: one lacks something, says something twice, or says what its kind does not.
    """
    found: dict[str, dict[ox.NamedNode, list[ox.NamedNode | ox.Literal]]] = {}
    for triple in triples:
        if isinstance(triple.object, ox.NamedNode | ox.Literal):
            found.setdefault(str(triple.subject), {}).setdefault(triple.predicate, []).append(triple.object)
    corrections = [_parse(iri, said) for iri, said in found.items() if LB.term("Correction") in said.get(RDF_TYPE, ())]
    return sorted(corrections, key=lambda correction: (correction.day, repr(correction)))


def _parse(iri: str, said: Mapping[ox.NamedNode, list[ox.NamedNode | ox.Literal]]) -> Correction:
    kinds = [kind for kind in KINDS if LB.term(kind) in said[RDF_TYPE]]
    if len(kinds) != 1:
        raise _unreadable(iri, f"it must be of one of the classes {', '.join(f'lb:{kind}' for kind in KINDS)}")
    needed, allowed = _ALWAYS | NEEDED[kinds[0]], ALLOWED.get(kinds[0], frozenset())
    values: dict[str, list[str]] = {}
    for name, (term, form) in _PROPERTIES.items():
        terms = said.get(term, [])
        if (terms and name not in needed | allowed) or (not terms and name in needed):
            raise _unreadable(iri, f"a lb:{kinds[0]} must {'not ' if terms else ''}have {_short(term)}")
        if len(terms) > 1 and name not in _SEVERAL:
            raise _unreadable(iri, f"it has {_short(term)} {len(terms)} times")
        try:
            values[name] = [_read(form, each) for each in terms]
        except ValueError as error:
            raise _unreadable(iri, f"{_short(term)} {error}") from error
    one = {name: found[0] for name, found in values.items() if found and name not in {"day", *_SEVERAL}}
    return Correction(
        kind=kinds[0],
        day=date.fromisoformat(values["day"][0]),
        fillers=tuple(values["fillers"]),
        others=tuple(values["others"]),
        language=_language(iri, said.get(LB.term("newLabel"), [])),
        **one,
    )


def _language(iri: str, labels: Iterable[ox.NamedNode | ox.Literal]) -> str:
    language = next((term.language for term in labels if isinstance(term, ox.Literal)), LANGUAGES[0])
    if language not in LANGUAGES:
        raise _unreadable(iri, f"lb:newLabel must be in one of the languages {', '.join(LANGUAGES)}")
    return str(language)


def _short(term: ox.NamedNode) -> str:
    return term.value.replace(LB.iri, "lb:").replace(DCTERMS.iri, "dcterms:")


def _unreadable(iri: str, problem: str) -> CorrectionError:
    return CorrectionError(f"The correction {iri} cannot be read: {problem}.", "See docs/corrections.md for its form.")
