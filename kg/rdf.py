"""An extraction becomes quads: the whole mapping from records to RDF, one named graph an article.

What depends on an article stays in that article's graph, so that removing the article and building without it give the
same store. A triple is in one graph only, because engines that query the union of graphs (Oxigraph does) count a triple
once for each graph that holds it; `skos:altLabel` is the one exception, since several articles may use one name.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain

from pyoxigraph import Literal, NamedNode, Quad

from kg import __version__
from kg.identity import claim_key
from kg.model import Article, Claim, Entity, EntityInArticle, Extraction, Figure, MentionKind, Span
from kg.vocab import (
    DCTERMS,
    ENTITY_CLASSES,
    GEO,
    GEONAMES,
    ITSRDF,
    LABEL,
    LB,
    NIF,
    ORG,
    OWL,
    PROV,
    RDF_TYPE,
    SCHEMA,
    SKOS,
    WGS84,
    WIKIDATA,
    XSD,
    Minter,
    address,
)
from kg.wholes import words_of_figure

DIGEST = LB.term("inputDigest")
"""Says of the run that read an article what the reading followed from."""

type_ = RDF_TYPE
Statement = tuple[NamedNode, NamedNode, NamedNode | Literal]

MENTION_KINDS: Mapping[MentionKind, str] = {
    "name": "byName",
    "office": "byOffice",
    "adjective": "byAdjective",
    "metonym": "byMetonym",
}


def to_quads(
    extraction: Extraction, base_iri: str, *, model: str | None = None, digest: str | None = None
) -> list[Quad]:
    """Map what was read from one article to its named graph.

    Args:
        extraction: the article with its entities and claims.
        base_iri: base of all IRIs in the data, ends in a slash.
        model: version of the language model that read it.
        digest: of all that the extraction follows from.

    Returns:
        The quads of `BASE graph/article/STEM`, without duplicates. The run carries no wall-clock time, so that two
        builds of the same input give the same quads.
    """
    mint = Minter(base_iri)
    graph = mint.article_graph(extraction.article.stem)
    statements = chain(
        _article(extraction, mint),
        _run(extraction.article.stem, model, digest, mint),
        (s for item in extraction.entities for s in _entity_in_article(extraction.article, item, mint)),
        (s for claim in extraction.claims for s in _claim(extraction.article, claim, mint)),
    )
    return list(dict.fromkeys(Quad(*statement, graph) for statement in statements))


def reference_quads(entities: Iterable[Entity], base_iri: str) -> list[Quad]:
    """Describe those of the entities that the reference data knows: the same, whichever article names them.

    An entity without an identifier of the outside world (`is_reference`) is left out: what is known of it is what the
    articles say, so its description is derived from their graphs (`queries/derive/entities-described.rq`).

    Returns:
        Quads of `BASE graph/entities`, without duplicates.
    """
    known = sorted({entity for entity in entities if is_reference(entity)}, key=lambda entity: entity.key)
    return [quad for entity in known for quad in _reference_quads(entity, Minter(base_iri))]


@lru_cache(maxsize=4096)
def _reference_quads(entity: Entity, mint: Minter) -> tuple[Quad, ...]:
    """Describe one entity; most articles name the same few hundred again."""
    return tuple(dict.fromkeys(Quad(*statement, mint.entities_graph) for statement in _reference(entity, mint)))


def is_reference(entity: Entity) -> bool:
    """Tell whether the entity's description comes from the reference data and not from the articles."""
    return bool(entity.wikidata or entity.geonames or entity.iso)


def _string(text: str) -> Literal:
    return Literal(text, language="de")


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.term("integer"))


def _date(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=XSD.term("date"))


def _decimal(number: float) -> Literal:
    return Literal(f"{number:.6f}".rstrip("0").rstrip("."), datatype=XSD.term("decimal"))


def _article(extraction: Extraction, mint: Minter) -> Iterator[Statement]:
    article = extraction.article
    iri = mint.article(article.stem)
    for term in (LB.term("Article"), SCHEMA.term("NewsArticle"), NIF.term("Context"), PROV.term("Entity")):
        yield iri, type_, term
    yield iri, LABEL, Literal(article.title, language=article.language)
    yield iri, DCTERMS.term("identifier"), Literal(article.stem)
    yield iri, DCTERMS.term("title"), Literal(article.title, language=article.language)
    yield iri, DCTERMS.term("issued"), _date(article.published)
    yield iri, DCTERMS.term("language"), Literal(article.language)
    yield iri, LB.term("dateBasis"), LB.term(article.date_basis)
    yield iri, NIF.term("isString"), Literal(article.text)
    if article.publisher:
        yield iri, DCTERMS.term("publisher"), Literal(article.publisher)
    if article.source:
        yield iri, DCTERMS.term("source"), address(article.source)
    for noise in article.noise:
        yield iri, LB.term("noise"), mint.span(article.stem, noise)
        yield from _span(article, noise, mint)
    for item in extraction.entities:
        entity = mint.entity(item.entity.key)
        yield iri, DCTERMS.term("references"), entity
        if any(mention.kind != "adjective" for mention in item.mentions):
            yield iri, SCHEMA.term("mentions"), entity


def _span(article: Article, span: Span, mint: Minter) -> Iterator[Statement]:
    iri = mint.span(article.stem, span)
    yield iri, type_, NIF.term("RFC5147String")
    yield iri, NIF.term("beginIndex"), _integer(span.begin)
    yield iri, NIF.term("endIndex"), _integer(span.end)
    yield iri, NIF.term("anchorOf"), Literal(span.of(article.text))
    yield iri, NIF.term("referenceContext"), mint.article(article.stem)


def _run(stem: str, model: str | None, digest: str | None, mint: Minter) -> Iterator[Statement]:
    run = mint.run(stem)
    yield run, type_, PROV.term("Activity")
    yield run, PROV.term("used"), mint.article(stem)
    yield run, LB.term("programVersion"), Literal(__version__)
    if model:
        yield run, LB.term("modelVersion"), Literal(model)
    if digest:
        yield run, DIGEST, Literal(digest)


def _entity_in_article(article: Article, item: EntityInArticle, mint: Minter) -> Iterator[Statement]:
    entity = mint.entity(item.entity.key)
    for mention in item.mentions:
        span = mint.span(article.stem, mention.span)
        yield from _span(article, mention.span, mint)
        yield span, ITSRDF.term("taIdentRef"), entity
        yield span, LB.term("mentionKind"), LB.term(MENTION_KINDS[mention.kind])
        if mention.kind == "name":
            yield entity, SKOS.term("altLabel"), Literal(mention.span.of(article.text), language=article.language)
    for position in item.positions:
        parts = [article.stem, item.entity.key, position.title, position.of]
        iri = mint.position(parts)
        yield entity, LB.term("holdsPosition"), iri
        yield iri, type_, LB.term("Position")
        yield iri, type_, ORG.term("Membership")
        yield iri, LABEL, _string(position.title)
        if position.title_en:
            yield iri, LABEL, Literal(position.title_en, language="en")
        yield iri, ORG.term("member"), entity
        yield iri, PROV.term("wasDerivedFrom"), mint.article(article.stem)
        if position.of:
            yield iri, ORG.term("organization"), mint.entity(position.of)
    if not is_reference(item.entity):
        yield from _description(article.stem, item.entity, mint)


def _description(stem: str, entity: Entity, mint: Minter) -> Iterator[Statement]:
    iri = mint.description(stem, entity.key)
    yield iri, type_, LB.term("Description")
    yield iri, LB.term("describes"), mint.entity(entity.key)
    yield iri, LB.term("entityClass"), LB.term(entity.type)
    yield iri, LB.term("fullName"), _string(entity.label)
    if entity.label_en:
        yield iri, LB.term("fullName"), Literal(entity.label_en, language="en")
    yield from _details(iri, entity, mint)


def _reference(entity: Entity, mint: Minter) -> Iterator[Statement]:
    iri = mint.entity(entity.key)
    for term in ENTITY_CLASSES[entity.type]:
        yield iri, type_, term
    yield iri, LABEL, _string(entity.label)
    if entity.label_en:
        yield iri, LABEL, Literal(entity.label_en, language="en")
    if entity.wikidata:
        yield iri, OWL.term("sameAs"), WIKIDATA.term(entity.wikidata)
    if entity.geonames:
        yield iri, OWL.term("sameAs"), GEONAMES.term(f"{entity.geonames}/")
    if entity.iso:
        yield iri, LB.term("isoCode"), Literal(entity.iso)
    if entity.capital:
        yield iri, LB.term("capital"), mint.entity(entity.capital)
    yield from _details(iri, entity, mint)


def _details(subject: NamedNode, entity: Entity, mint: Minter) -> Iterator[Statement]:
    """What both a reference entity and an article's description of an entity may carry."""
    for alias in entity.aliases:
        yield subject, SKOS.term("altLabel"), _string(alias)
    if entity.country:
        yield subject, LB.term("country"), mint.entity(entity.country)
    if entity.lat is not None and entity.lon is not None:
        yield subject, WGS84.term("lat"), _decimal(entity.lat)
        yield subject, WGS84.term("long"), _decimal(entity.lon)
        point = f"POINT({_decimal(entity.lon).value} {_decimal(entity.lat).value})"
        yield subject, GEO.term("asWKT"), Literal(point, datatype=GEO.term("wktLiteral"))
    if entity.series:
        yield subject, LB.term("series"), _string(entity.series)
    if entity.series_en:
        yield subject, LB.term("series"), Literal(entity.series_en, language="en")
    if entity.year:
        yield subject, LB.term("year"), Literal(f"{entity.year:04d}", datatype=XSD.term("gYear"))
    if entity.medium:
        yield subject, type_, SCHEMA.term("NewsMediaOrganization")


def _claim(article: Article, claim: Claim, mint: Minter) -> Iterator[Statement]:
    iri = mint.claim(claim_key(article.stem, claim))
    for term in (LB.term("Claim"), SCHEMA.term("Claim"), PROV.term("Entity")):
        yield iri, type_, term
    yield iri, LB.term("eventType"), LB.term(claim.type)
    yield iri, LB.term("status"), LB.term(claim.status)
    yield iri, LB.term("confidence"), _decimal(claim.confidence)
    yield iri, PROV.term("wasDerivedFrom"), mint.article(article.stem)
    yield iri, PROV.term("wasGeneratedBy"), mint.run(article.stem)
    for name, span in (("trigger", claim.trigger), ("evidence", claim.evidence)):
        yield iri, LB.term(name), mint.span(article.stem, span)
        yield from _span(article, span, mint)
    named = {**claim.roles, "attributedTo": claim.attributed_to, "relayedBy": claim.relayed_by}
    for role, keys in named.items():
        for key in keys:
            yield iri, LB.term(role), mint.entity(key)
    yield from _figure(iri, "personnel", claim.personnel, article)
    yield from _figure(iri, "quantity", claim.quantity, article)
    yield from _texts(iri, claim, article)


def _figure(claim: NamedNode, name: str, figure: Figure | None, article: Article) -> Iterator[Statement]:
    if figure is None:
        return
    for bound, number in (("Min", figure.min), ("Max", figure.max)):
        if number is not None:
            yield claim, LB.term(name + bound), _integer(number)
    yield claim, LB.term(f"{name}Qualifier"), LB.term(figure.qualifier)
    yield claim, LB.term(f"{name}Text"), _string(words_of_figure(figure, article.text))


def _texts(iri: NamedNode, claim: Claim, article: Article) -> Iterator[Statement]:
    if claim.unit:
        yield iri, LB.term("unit"), _string(claim.unit)
    for item in claim.items:
        yield iri, LB.term("items"), _string(item)
    if claim.attribution_text:
        yield iri, LB.term("attributionText"), _string(claim.attribution_text)
    if claim.time:
        yield iri, LB.term("timeText"), _string(claim.time.span.of(article.text))
        for name, day in (("begin", claim.time.begin), ("end", claim.time.end)):
            if day:
                yield iri, LB.term(name), _date(day)
    for reason in claim.reasons:
        yield iri, LB.term("explanation"), Literal(f"{reason.part}: „{reason.words}“ – {reason.why}", language="en")
