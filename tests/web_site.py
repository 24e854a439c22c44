"""A store to serve in tests: the gold articles, one that tries to break out of pages, one of awkward things."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from kg.curation.corrections import Correction
from kg.curation.corrections import to_quads as correction_quads
from kg.model import Article, Claim, Entity, EntityInArticle, Extraction, Figure, Mention, Position, Reason, Span
from kg.rdf import reference_quads, to_quads
from kg.remote import Endpoint
from kg.rollup import derive
from kg.store import Writer
from tests.gold import BASE, load_gold

PLACES = {"KP": (39.03, 125.75), "RU": (55.75, 37.62), "UA": (50.45, 30.52), "ML": (12.65, -8.0), "DE": (52.52, 13.41)}
"""Where some countries lie, which the gold does not say."""
BREAKOUT = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
"""What no page may contain as it is."""
LONG_NAME = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2 + "s" * 40
"""200 letters without a place to break."""
ARABIC, HEBREW = "محمد بن سلمان آل سعود", "תל אביב"


Store = TypeVar("Store", Path, Endpoint)


def build_site(path: Store, extractions: Sequence[Extraction], corrections: Sequence[Correction] = ()) -> Store:
    """Build a store of these extractions, as `kg build` does, with people's corrections."""
    with Writer(path, BASE, derive) as writer:
        for extraction in map(_locate, extractions):
            reference = reference_quads((item.entity for item in extraction.entities), BASE)
            writer.replace_article(extraction.article.stem, to_quads(extraction, BASE), reference)
        writer.add_statements(quad for one in corrections for quad in correction_quads(one, BASE))
        writer.publish()
    return path


HOSTILE_CORRECTION = Correction(
    kind="Relabelling",
    target=f"{BASE}id/person/hostile",
    label=f"{BREAKOUT}, {BREAKOUT}",
    author=BREAKOUT,
    reason=BREAKOUT,
    day=date(2030, 1, 2),
)


def _locate(extraction: Extraction) -> Extraction:
    """Put the countries on the map."""
    entities = []
    for item in extraction.entities:
        lat, lon = PLACES.get(item.entity.iso or "", (None, None))
        entities.append(replace(item, entity=replace(item.entity, lat=lat, lon=lon)) if lat else item)
    return replace(extraction, entities=tuple(entities))


def hostile_extraction() -> Extraction:
    """Make an article whose every text is an attempt at scripting."""
    sentence = f"{BREAKOUT} entsendet 500 Soldaten nach Mali."
    text = f"{BREAKOUT}\n\n{sentence}\n\njavascript:alert(3) {{{{ 7 * 7 }}}}"
    begin = text.index(sentence)
    evidence = Span(begin, begin + len(sentence))
    trigger = Span(text.index("entsendet"), text.index("entsendet") + 9)
    number = Span(text.index("500"), text.index("500") + 12)
    name = Span(begin, begin + len(BREAKOUT))
    person = Entity("person/hostile", "Person", BREAKOUT, label_en=BREAKOUT, aliases=(BREAKOUT + "!",))
    mali = Entity("country/ML", "Country", "Mali", label_en="Mali", iso="ML", wikidata="Q912")
    return Extraction(
        Article(
            stem="hostile",
            text=text,
            title=BREAKOUT,
            published=date(2030, 1, 1),
            date_basis="assumed",
            publisher=BREAKOUT,
            source="javascript:alert(4)",
            noise=(Span(text.index("javascript"), len(text)),),
        ),
        (
            EntityInArticle(mali, (Mention(Span(text.index("Mali"), text.index("Mali") + 4), "name", "Country"),)),
            EntityInArticle(person, (Mention(name, "name", "Person"),), (Position(BREAKOUT, "country/ML"),)),
        ),
        (
            Claim(
                "Deployment",
                "possible",
                trigger,
                evidence,
                roles={"sender": ("person/hostile",), "destination": ("country/ML",)},
                personnel=Figure(number, 500, 500, "exactly"),
                unit=BREAKOUT,
                items=(BREAKOUT,),
                attribution_text=BREAKOUT,
                reasons=(Reason("trigger", BREAKOUT, BREAKOUT),),
            ),
        ),
    )


def awkward_extraction() -> Extraction:
    """Make an article of long names, names from right to left, claims without date, role or source, a denial."""
    lines = [
        LONG_NAME,
        f"{LONG_NAME} schickt rund 15.000 Soldaten nach {HEBREW}, meldet {ARABIC}.",
        f"{ARABIC} traf sich mit {LONG_NAME} in {HEBREW}.",
        "Ein Angriff geschah.",
        "Niemand werde geschickt, sagt ein Diplomat.",
    ]
    text = "\n\n".join(lines)
    sentences = [
        Span(text.index(line, len(LONG_NAME)), text.index(line, len(LONG_NAME)) + len(line)) for line in lines[1:]
    ]
    first, second, third, fourth = sentences
    company = Entity("organization/awkward", "Organization", LONG_NAME, aliases=(f"{LONG_NAME} AG", ARABIC))
    prince = Entity("person/awkward", "Person", ARABIC, label_en=ARABIC)
    city = Entity("place/awkward", "Place", HEBREW, label_en=HEBREW, lat=32.08, lon=34.78)

    def find(words: str, sentence: Span) -> Span:
        begin = text.index(words, sentence.begin)
        return Span(begin, begin + len(words))

    def named(entity: Entity, *spans: Span) -> EntityInArticle:
        mentions = tuple(Mention(find(entity.label, span), "name", entity.type) for span in spans)
        return EntityInArticle(entity, mentions, (Position(LONG_NAME, None),) if entity is prince else ())

    figure = Figure(find("rund 15.000 Soldaten", first), 15_000, 15_000, "about_")
    return Extraction(
        Article("awkward", text, LONG_NAME, date(2030, 1, 2), "given"),
        (named(company, first, second), named(prince, first, second), named(city, first, second)),
        (
            Claim(
                "Deployment",
                "occurred",
                find("schickt", first),
                first,
                roles={"sender": (company.key,), "destination": (city.key,)},
                personnel=figure,
                unit="Soldaten",
                attributed_to=(prince.key,),
            ),
            Claim(
                "Meeting",
                "planned",
                find("traf", second),
                second,
                roles={"participant": (company.key, prince.key), "place": (city.key,)},
            ),
            Claim("Attack", "possible", find("Angriff", third), third),
            Claim(
                "Deployment",
                "denied",
                find("geschickt", fourth),
                fourth,
                roles={"sender": (company.key,), "destination": (city.key,)},
                attribution_text="Diplomat",
            ),
        ),
    )


def build_whole_site(path: Store) -> Store:
    """Build a store of the gold articles and of both that are made here, with the correction."""
    return build_site(path, [*load_gold(), hostile_extraction(), awkward_extraction()], [HOSTILE_CORRECTION])
