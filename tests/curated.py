"""Two articles about people called Kim, and what it takes to correct them."""

from datetime import date
from typing import Any

from pyoxigraph import Store

from kg.curation.corrections import Correction, to_quads
from kg.model import Article, Claim, Entity, EntityInArticle, Extraction, Mention, Position, Span
from kg.remote import QuadStore
from kg.rollup import derive
from kg.vocab import LB, Minter, sparql_prefixes
from tests.gold import BASE
from tests.gold_store import select

MINT = Minter(BASE)
TEXT = "Kim Min Ho\n\nKim trifft Choi in Seoul.\n\nChoi telefoniert mit Frau Kim."
KIM = Entity("person/kim-min-ho", "Person", "Kim Min Ho")
KIMM = Entity("person/kim-minho", "Person", "Kim Minho", aliases=("Minho",))
CHOI = Entity("person/choi", "Person", "Choi", "Choi (minister)", wikidata="Q1", country="country/KR")
KOREA = Entity("country/KR", "Country", "Südkorea", "South Korea", iso="KR")
SEOUL = Entity("place/seoul", "Place", "Seoul", country="country/KR", geonames=1835848)
MAYOR = Entity("person/ohne-amt", "Person", "Bürgermeisterin")
FIRST, SECOND = Span(12, 37), Span(39, 69)


def article(stem: str, person: Entity = KIM) -> Extraction:
    """An article with a meeting and a phone call of Choi and a person called Kim."""
    meeting = Claim("Meeting", "occurred", Span(16, 22), FIRST, roles={"participant": (person.key, CHOI.key)})
    call = Claim("PhoneCall", "planned", Span(44, 55), SECOND, roles={"participant": (person.key, CHOI.key)})
    return Extraction(
        Article(stem, TEXT, "Kim Min Ho", date(2024, 10, 20), "given", publisher="Blatt"),
        (
            EntityInArticle(
                person,
                tuple(Mention(span, "name", "Person") for span in (Span(0, 10), Span(12, 15), Span(65, 68))),
                (Position("Ministerin", KOREA.key),),
            ),
            EntityInArticle(CHOI, (Mention(Span(23, 27), "name", "Person"), Mention(Span(39, 43), "name", "Person"))),
            EntityInArticle(KOREA, ()),
            EntityInArticle(SEOUL, (Mention(Span(31, 36), "name", "Place"),)),
        ),
        (meeting, call),
    )


def iri(key: str) -> str:
    return f"{BASE}id/{key}"


def correction(kind: str, target: str, **says: Any) -> Correction:
    """A correction of what stands for `target` in an IRI."""
    for name in says.keys() & {"read_as", "meant"}:
        says[name] = iri(says[name])
    for name in says.keys() & {"fillers", "others"}:
        says[name] = tuple(map(iri, says[name]))
    fields = {"author": "Ada", "reason": "nachgelesen", "day": date(2026, 11, 26), **says}
    return Correction(kind=kind, target=iri(target), **fields)  # type: ignore[arg-type]  # one of the kinds


def curate(store: Store, *corrections: Correction) -> None:
    """Put corrections into a store and derive."""
    store.extend(quad for one in corrections for quad in to_quads(one, BASE))
    derive(store, BASE)


def undo(store: Store, *corrections: Correction) -> None:
    for one in corrections:
        for quad in to_quads(one, BASE):
            store.remove(quad)
    derive(store, BASE)


def lines(store: QuadStore) -> set[str]:
    return set(map(str, store))


def claim(store: Store, event_type: str, stem: str = "eins") -> str:
    """The key of the article's claim of a type, as read."""
    rows = select(
        store,
        sparql_prefixes()
        + f"SELECT ?c {{ ?c lb:eventType lb:{event_type} ; prov:wasDerivedFrom <{iri('article/')}{stem}> "
        "FILTER NOT EXISTS { ?c prov:wasRevisionOf ?o } }",
    )
    return str(next(row["c"].value for row in rows)).removeprefix(f"{BASE}id/")


def answers(store: Store, query: str) -> set[tuple[str, ...]]:
    """The rows of a query as keys or values."""
    rows = select(store, sparql_prefixes() + query)
    return {tuple(term.value.removeprefix(f"{BASE}id/").removeprefix(LB.iri) for term in row) for row in rows}


STANDING = "FILTER NOT EXISTS { ?c prov:wasInvalidatedBy ?any }"
EVENT = "?c lb:about ?e . ?e lb:claimCount ?n"


EVERY_KIND = (
    correction("Merge", "person/kim-minho", meant="person/kim-min-ho"),
    correction("Split", "article/eins", read_as="person/kim-min-ho", meant="person/kim-2", label="Kim, die Ältere"),
    correction("Relabelling", "person/choi", label="Choi the “First”\nof two", language="en"),
    correction("Rejection", "claim/0a"),
    correction("RoleChange", "claim/0a", role="participant", fillers=("person/choi", "person/kim-min-ho")),
    correction("RoleChange", "claim/0a", role="place"),
    correction("StatusChange", "claim/0a", status="denied", reason='"weil" \\ so'),
    correction("SameEvent", "claim/0a", others=("claim/0c", "claim/0b")),
    correction("OtherEvent", "claim/0a", others=("claim/0b",)),
)
