"""Writes what follows from the frames: `ontology/events.ttl` (classes, roles) and `ontology/shapes.ttl` (SHACL).

    python -m kg.ontology [FOLDER]

The files are committed; a test holds that they are fresh. The core, `ontology/lagebild.ttl`, is written by hand.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import get_args

from pyoxigraph import Literal

from kg.frames import Frame, Text, load_frames
from kg.model import STATUSES, Qualifier
from kg.resources import resource
from kg.vocab import LB, NAMESPACES

FIGURES = ("personnel", "quantity")
QUALIFIERS: tuple[Qualifier, ...] = get_args(Qualifier)

_ANY_CLAIM = (
    *("eventType", "about", "status", "confidence", "evidence", "trigger", "attributedTo", "attributionText"),
    *("relayedBy", "begin", "end", "timeText", "explanation"),
)
_OTHERS = "rdf:type prov:wasDerivedFrom prov:wasGeneratedBy prov:wasInvalidatedBy prov:wasRevisionOf lb:correctedBy"
"""Properties that a claim of any type may have: our own and those of other vocabularies."""

_NOTE = "# Written by `python -m kg.ontology` from kg/data/frames. Change the frames, not this file.\n\n"
_CORE_SHAPES = """\
lb:ArticleShape a sh:NodeShape ;
    sh:targetClass lb:Article ;
    sh:property [ sh:path dcterms:identifier ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ;
            sh:pattern "^[A-Za-z0-9_.-]+$" ] ,
        [ sh:path dcterms:title ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path dcterms:issued ; sh:datatype xsd:date ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path dcterms:language ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path lb:dateBasis ; sh:in ( lb:stated lb:given lb:assumed ) ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path nif:isString ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] .

lb:SpanShape a sh:NodeShape ;
    sh:targetClass nif:RFC5147String ;
    sh:property [ sh:path nif:beginIndex ; sh:datatype xsd:integer ; sh:minInclusive 0 ; sh:minCount 1 ; sh:maxCount 1 ;
            sh:lessThan nif:endIndex ] ,
        [ sh:path nif:endIndex ; sh:datatype xsd:integer ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path nif:anchorOf ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path nif:referenceContext ; sh:class lb:Article ; sh:minCount 1 ; sh:maxCount 1 ] .

lb:PositionShape a sh:NodeShape ;
    sh:targetClass lb:Position ;
    sh:property [ sh:path rdfs:label ; sh:uniqueLang true ; sh:minCount 1 ] ,
        [ sh:path org:member ; sh:class lb:Person ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path org:organization ; sh:nodeKind sh:IRI ; sh:maxCount 1 ] .

lb:EntityShape a sh:NodeShape ;
    sh:targetClass lb:Person , lb:Country , lb:Place , lb:Organization , lb:Summit , lb:Mission ;
    sh:property [ sh:path rdfs:label ; sh:uniqueLang true ; sh:minCount 1 ] ,
        [ sh:path lb:country ; sh:class lb:Country ; sh:maxCount 1 ] ,
        [ sh:path lb:isoCode ; sh:pattern "^[A-Z]{2}$" ; sh:maxCount 1 ] ,
        [ sh:path wgs84:lat ; sh:minInclusive -90 ; sh:maxInclusive 90 ; sh:maxCount 1 ] ,
        [ sh:path wgs84:long ; sh:minInclusive -180 ; sh:maxInclusive 180 ; sh:maxCount 1 ] .

lb:CorrectionShape a sh:NodeShape ;
    sh:targetClass lb:Correction ;
    sh:property [ sh:path lb:corrects ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path dcterms:creator ; sh:datatype xsd:string ; sh:minLength 1 ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path dcterms:created ; sh:datatype xsd:date ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path lb:reason ; sh:datatype xsd:string ; sh:minLength 1 ; sh:minCount 1 ; sh:maxCount 1 ] .

lb:MergeShape a sh:NodeShape ;
    sh:targetClass lb:Merge ;
    sh:property [ sh:path lb:meant ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 ] .

lb:SplitShape a sh:NodeShape ;
    sh:targetClass lb:Split ;
    sh:property [ sh:path lb:readAs ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path lb:meant ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path lb:newLabel ; sh:datatype rdf:langString ; sh:maxCount 1 ] .

lb:RelabellingShape a sh:NodeShape ;
    sh:targetClass lb:Relabelling ;
    sh:property [ sh:path lb:newLabel ; sh:datatype rdf:langString ; sh:minCount 1 ; sh:maxCount 1 ] .

lb:RoleChangeShape a sh:NodeShape ;
    sh:targetClass lb:RoleChange ;
    sh:property [ sh:path lb:role ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path lb:filler ; sh:nodeKind sh:IRI ] .

lb:EventCorrectionShape a sh:NodeShape ;
    sh:targetClass lb:SameEvent , lb:OtherEvent ;
    sh:property [ sh:path lb:otherClaim ; sh:nodeKind sh:IRI ; sh:minCount 1 ] .

lb:LinkShape a sh:NodeShape ;
    sh:targetClass lb:Link ;
    sh:property [ sh:path lb:linkedEntity ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path lb:linkedTo ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path lb:matchedName ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path lb:matchScore ; sh:datatype xsd:decimal ; sh:maxCount 1 ] ,
        [ sh:path lb:rejectedOn ; sh:datatype xsd:date ; sh:maxCount 1 ] ,
        [ sh:path dcterms:created ; sh:datatype xsd:date ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path prov:wasAttributedTo ; sh:minCount 1 ; sh:maxCount 1 ] .
"""


def write_events() -> str:
    """Return `events.ttl`: a class for each frame, and for each role the classes that have it and may fill it."""
    frames = load_frames()
    parts = [_NOTE, _prefixes(("lb", "owl", "rdfs", "schema", "skos"))]
    parts += [_event_class(frame) for frame in frames.values()]
    for role in sorted({name for frame in frames.values() for name in frame.roles}):
        users = [frame for frame in frames.values() if role in frame.roles]
        classes = _terms(["Claim", *(frame.name for frame in users)], " , ")
        fillers = _terms(sorted({filler for frame in users for filler in frame.roles[role].fillers}), " , ")
        parts.append(f"lb:{role} schema:domainIncludes {classes} ;\n    schema:rangeIncludes {fillers} .\n\n")
    return "".join(parts).rstrip() + "\n"


def write_shapes() -> str:
    """Return `shapes.ttl`: what a graph that the program writes always conforms to."""
    frames = load_frames()
    parts = [
        _NOTE,
        _prefixes(("dcterms", "lb", "nif", "org", "prov", "rdf", "rdfs", "sh", "wgs84", "xsd")),
        _CORE_SHAPES,
        _claim_shape(frames),
        _status_change_shape(),
        _event_shape(),
        *(_frame_shape(frame) for frame in frames.values()),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _prefixes(wanted: Iterable[str]) -> str:
    known = {namespace.prefix: namespace.iri for namespace in NAMESPACES}
    return "".join(f"@prefix {prefix}: <{known[prefix]}> .\n" for prefix in wanted) + "\n"


def _terms(names: Iterable[str], separator: str = " ") -> str:
    return separator.join(f"lb:{name}" for name in names)


def _text(text: Text) -> str:
    return f"{Literal(text.de, language='de')} , {Literal(text.en, language='en')}"


def _event_class(frame: Frame) -> str:
    restrictions = "".join(
        f" ,\n        [ a owl:Restriction ; owl:onProperty lb:{role.name} ;\n"
        f"            owl:allValuesFrom [ a owl:Class ; owl:unionOf ( {_terms(role.fillers)} ) ] ]"
        for role in frame.roles.values()
    )
    return (
        f"lb:{frame.name} a owl:Class ;\n    rdfs:label {_text(frame.label)} ;\n"
        f"    skos:definition {_text(frame.definition)} ;\n    skos:scopeNote {_text(_rollup_note(frame))} ;\n"
        f"    rdfs:subClassOf lb:Event{restrictions} .\n\n"
    )


def _rollup_note(frame: Frame) -> Text:
    """Say when two claims are about the same event; the rule itself is `kg.rollup.sameness`."""

    def roles(union: str, otherwise: str) -> str:
        return union.join(otherwise.join(f"lb:{role}" for role in alternatives) for alternatives in frame.same_roles)

    german = (
        f"Zwei Behauptungen handeln vom selben Ereignis, wenn sie in {roles(' und in ', ' oder ')} zusammenpassen und "
    )
    english = f"Two claims are about the same event if they agree on {roles(' and on ', ' or ')} and "
    if frame.days:
        german += f"höchstens {frame.days} {'Tag' if frame.days == 1 else 'Tage'} auseinanderliegen."
        english += f"are at most {frame.days} {'day' if frame.days == 1 else 'days'} apart."
    else:
        german += "auf denselben Tag fallen können."
        english += "may fall on the same day."
    if frame.as_state:
        german += " Zwei Behörden oder Personen eines Staates gelten dabei als gleich."
        english += " Two public bodies or persons of one state count as the same."
    return Text(german, english)


def _shape(name: str, target: str, properties: Iterable[str]) -> str:
    return (
        f"lb:{name}Shape a sh:NodeShape ;\n    {target} ;\n    sh:property " + " ,\n        ".join(properties) + " .\n"
    )


def _claim_shape(frames: Mapping[str, Frame]) -> str:
    def one(path: str, rest: str) -> str:
        return f"[ sh:path {path} ; {rest} ; sh:minCount 1 ; sh:maxCount 1 ]"

    properties = [
        one("lb:eventType", f"sh:in ( {_terms(frames)} )"),
        "[ sh:path lb:about ; sh:nodeKind sh:IRI ; sh:maxCount 1 ]",
        # A claim that a person has rejected or changed is about no event: it no longer counts.
        "[ sh:path [ sh:alternativePath ( lb:about prov:wasInvalidatedBy ) ] ; sh:minCount 1 ]",
        one("prov:wasDerivedFrom", "sh:class lb:Article"),
        "[ sh:path prov:wasGeneratedBy ; sh:class prov:Activity ; sh:maxCount 1 ]",
        # What a person has corrected was not made by a run of the program.
        "[ sh:path [ sh:alternativePath ( prov:wasGeneratedBy prov:wasRevisionOf ) ] ; sh:minCount 1 ]",
        one("lb:status", f"sh:in ( {_terms(STATUSES)} )"),
        one("lb:confidence", "sh:datatype xsd:decimal ; sh:minInclusive 0 ; sh:maxInclusive 1"),
        one("lb:trigger", "sh:class nif:RFC5147String"),
        "[ sh:path lb:evidence ; sh:class nif:RFC5147String ; sh:minCount 1 ]",
        "[ sh:path lb:attributedTo ; sh:nodeKind sh:IRI ]",
        "[ sh:path lb:relayedBy ; sh:nodeKind sh:IRI ]",
        *_bounds(),
    ]
    return _shape("Claim", "sh:targetClass lb:Claim", properties)


def _status_change_shape() -> str:
    allowed = f"[ sh:path lb:newStatus ; sh:in ( {_terms(STATUSES)} ) ; sh:minCount 1 ; sh:maxCount 1 ]"
    return _shape("StatusChange", "sh:targetClass lb:StatusChange", [allowed])


def _event_shape() -> str:
    properties = [
        f"[ sh:path lb:status ; sh:in ( {_terms(STATUSES)} ) ; sh:minCount 1 ; sh:maxCount 1 ]",
        "[ sh:path lb:claimCount ; sh:datatype xsd:integer ; sh:minInclusive 1 ; sh:maxCount 1 ]",
        "[ sh:path lb:sourceCount ; sh:datatype xsd:integer ; sh:minInclusive 1 ; sh:minCount 1 ; sh:maxCount 1 ]",
        "[ sh:path lb:disputed ; sh:datatype xsd:boolean ; sh:maxCount 1 ]",
        '[ sh:path rdfs:label ; sh:uniqueLang true ; sh:minCount 1 ; sh:languageIn ( "de" "en" ) ]',
        *_bounds(),
    ]
    return _shape("Event", "sh:targetSubjectsOf lb:claimCount", properties)


def _bounds() -> Iterator[str]:
    for name in FIGURES:
        yield (
            f"[ sh:path lb:{name}Min ; sh:datatype xsd:integer ; sh:minInclusive 0 ; sh:maxCount 1 ;\n"
            f"            sh:lessThanOrEquals lb:{name}Max ]"
        )
        yield f"[ sh:path lb:{name}Max ; sh:datatype xsd:integer ; sh:minInclusive 0 ; sh:maxCount 1 ]"
        yield f"[ sh:path lb:{name}Qualifier ; sh:in ( {_terms(QUALIFIERS)} ) ; sh:maxCount 1 ]"
    yield "[ sh:path lb:begin ; sh:datatype xsd:date ; sh:maxCount 1 ; sh:lessThanOrEquals lb:end ]"
    yield "[ sh:path lb:end ; sh:datatype xsd:date ; sh:maxCount 1 ]"


def _frame_shape(frame: Frame) -> str:
    """The slots that claims of one type may have; the shape is closed, so that other slots are not allowed."""
    properties = []
    for role in frame.roles.values():
        classes = " ".join(f"[ sh:class lb:{filler} ]" for filler in role.fillers)
        most = f" ; sh:maxCount {role.max}" if role.max else ""
        message = f'"{role.name} of {frame.name} is none of {", ".join(role.fillers)}"'
        properties.append(f"[ sh:path lb:{role.name} ; sh:or ( {classes} ){most} ;\n            sh:message {message} ]")
    allowed = [
        *frame.texts,
        *(f"{name}{part}" for name in frame.figures for part in ("Min", "Max", "Qualifier", "Text")),
    ]
    select = f"SELECT ?this WHERE {{ ?this <{LB.iri}eventType> <{LB.iri}{frame.name}> }}"
    target = (
        f'sh:target [ a sh:SPARQLTarget ; sh:select "{select}" ] ;\n    sh:closed true ;\n'
        f"    sh:ignoredProperties ( {_OTHERS} {_terms([*_ANY_CLAIM, *allowed])} )"
    )
    return _shape(f"{frame.name}Claim", target, properties)


def main(folder: Path) -> None:
    """Write the two files into `folder`."""
    (folder / "events.ttl").write_text(write_events(), encoding="utf-8")
    (folder / "shapes.ttl").write_text(write_shapes(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else resource("ontology"))
