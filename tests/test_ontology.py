"""The ontology's files, and graphs against its shapes."""

import re
from collections.abc import Sequence

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad
from rdflib.namespace import OWL, RDF, SKOS

from kg.frames import load_frames
from kg.model import STATUSES
from kg.ontology import QUALIFIERS, write_events, write_shapes
from kg.resources import resource
from kg.validate import validate
from kg.vocab import LB, NIF, Minter
from tests.gold import BASE, load_gold
from tests.gold_store import fill_store

MINT = Minter(BASE)
CONTRACT = re.findall(
    r"\S+",
    """
    Article Person Country Place Organization Mission Claim Event Position Deployment Withdrawal Summit
    Meeting PhoneCall ArmsTransfer Attack Statement Appeal Aid Sanction Agreement
    country capital isoCode holdsPosition series dateBasis stated given assumed eventType about evidence
    trigger status occurred planned possible denied requested attributedTo attributionText relayedBy
    sender recipient beneficiary against participant speaker addressee attacker target host
    destination origin place mission summit personnelMin personnelMax quantityMin quantityMax
    personnelQualifier quantityQualifier exactly about_ moreThan atLeast upTo fewerThan range
    personnelText quantityText unit items begin end timeText confidence claimCount sourceCount disputed
    """,
)
ALIGNED = {
    "Article": "https://schema.org/NewsArticle",
    "Person": "http://xmlns.com/foaf/0.1/Person",
    "Country": "https://schema.org/Country",
    "Place": "https://schema.org/Place",
    "Organization": "http://www.w3.org/ns/org#Organization",
    "Mission": "https://schema.org/Organization",
    "Claim": "http://www.w3.org/ns/prov#Entity",
    "Event": "http://semanticweb.cs.vu.nl/2009/11/sem/Event",
    "Summit": "https://schema.org/Event",
    "Position": "http://www.w3.org/ns/org#Membership",
}
ACTORS = {name for frame in load_frames().values() for name in frame.roles} - {
    "destination",
    "origin",
    "place",
    "mission",
    "summit",
}


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    graph = rdflib.Graph()
    for name in ("lagebild.ttl", "events.ttl"):
        graph.parse(resource(f"ontology/{name}"))
    return graph


@pytest.fixture(scope="module")
def dataset() -> Sequence[Quad]:
    return sorted(fill_store(load_gold()[:2], BASE), key=str)


def term(name: str) -> rdflib.URIRef:
    return rdflib.URIRef(LB.iri + name)


def test_generated_files_are_fresh() -> None:
    for name, text in (("events.ttl", write_events()), ("shapes.ttl", write_shapes())):
        assert resource(f"ontology/{name}").read_text(encoding="utf-8") == text, "run `python -m kg.ontology`"


def test_contract_s_terms_are_all_there(ontology: rdflib.Graph) -> None:
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, SKOS.Concept}
    missing = [name for name in CONTRACT if not kinds & set(ontology.objects(term(name), RDF.type))]
    assert missing == []


def test_every_term_has_label_and_definition_in_both_languages(ontology: rdflib.Graph) -> None:
    terms = {subject for subject in ontology.subjects() if str(subject).startswith(LB.iri)}
    for subject in terms:
        for predicate in (rdflib.RDFS.label, SKOS.definition):
            languages = [v.language for v in ontology.objects(subject, predicate) if isinstance(v, rdflib.Literal)]
            assert sorted(map(str, languages)) == ["de", "en"], f"{subject} {predicate}"


def test_classes_are_aligned(ontology: rdflib.Graph) -> None:
    for name, aligned in ALIGNED.items():
        assert (term(name), rdflib.RDFS.subClassOf, rdflib.URIRef(aligned)) in ontology, name
    for name in load_frames():
        assert (term(name), rdflib.RDFS.subClassOf, term("Event")) in ontology


def test_roles_are_sub_properties(ontology: rdflib.Graph) -> None:
    sem = "http://semanticweb.cs.vu.nl/2009/11/sem/"
    for name in ACTORS:
        assert (term(name), rdflib.RDFS.subPropertyOf, rdflib.URIRef(sem + "hasActor")) in ontology
    for name in ("destination", "origin", "place"):
        assert (term(name), rdflib.RDFS.subPropertyOf, rdflib.URIRef(sem + "hasPlace")) in ontology


def test_concepts_are_in_their_schemes(ontology: rdflib.Graph) -> None:
    for scheme, names in (("StatusScheme", STATUSES), ("QualifierScheme", QUALIFIERS)):
        assert {str(concept) for concept in ontology.subjects(SKOS.inScheme, term(scheme))} == {
            LB.iri + name for name in names
        }


def test_every_term_in_the_data_is_defined(ontology: rdflib.Graph) -> None:
    nodes = {node for quad in fill_store(load_gold(), BASE) for node in (quad.predicate, quad.object)}
    used = {node.value for node in nodes if isinstance(node, NamedNode) and node.value.startswith(LB.iri)}
    defined = {str(subject) for subject in ontology.subjects()}
    assert len(used) > 50
    assert used - defined == set()


def test_gold_graph_conforms(dataset: Sequence[Quad]) -> None:
    report = validate(dataset)
    assert [str(finding) for finding in report.findings] == []
    assert report.conforms
    assert report.graphs == 4


def first(dataset: Sequence[Quad], predicate: NamedNode) -> Quad:
    return next(quad for quad in dataset if quad.predicate == predicate)


def swap(dataset: Sequence[Quad], old: Quad, value: NamedNode | Literal | None) -> list[Quad]:
    new = [Quad(old.subject, old.predicate, value, old.graph_name)] if value else []
    return [quad for quad in dataset if quad != old] + new


@pytest.mark.parametrize(
    ("predicate", "value", "path"),
    [
        (LB.term("status"), LB.term("certain"), "lb:status"),
        (LB.term("status"), None, "lb:status"),
        (LB.term("eventType"), LB.term("Dance"), "lb:eventType"),
        (
            LB.term("confidence"),
            Literal("1.5", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
            "lb:confidence",
        ),
        (LB.term("speaker"), MINT.entity("place/rotes-meer"), "lb:speaker"),
        (LB.term("evidence"), None, "lb:evidence"),
        (NIF.term("anchorOf"), Literal("etwas anderes"), "nif:anchorOf"),
        (LB.term("dateBasis"), None, "lb:dateBasis"),
    ],
)
def test_fault_is_found(
    dataset: Sequence[Quad], predicate: NamedNode, value: NamedNode | Literal | None, path: str
) -> None:
    old = first(dataset, predicate)
    report = validate(swap(dataset, old, value))
    assert not report.conforms
    assert any(finding.path == path and f"<{finding.focus}>" == str(old.subject) for finding in report.findings)
    assert all(finding.message and finding.focus in str(finding) for finding in report.findings)


def test_slot_that_the_frame_does_not_know_is_found(dataset: Sequence[Quad]) -> None:
    claim = next(
        quad for quad in dataset if quad.predicate == LB.term("eventType") and quad.object == LB.term("Statement")
    )
    wrong = Quad(claim.subject, LB.term("attacker"), MINT.entity("country/US"), claim.graph_name)
    report = validate([*dataset, wrong])
    assert any(f"<{finding.focus}>" == str(claim.subject) and "attacker" in str(finding) for finding in report.findings)
