"""Mentions become entities with identifiers; `link_entities` is the entry point."""

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kg.german.forms import slug
from kg.german.gazetteer import Candidate
from kg.linker import Linker, forms_of
from kg.model import Article, Entity, EntityInArticle
from kg.organizations import link_bodies, link_organizations
from kg.persons import link_offices, link_persons
from kg.summits import SummitPhrase, edition, english_label, summit_key, usual_place, year_of_next

_WEIGHTY = ("capital", "seat", "city", "region", "water", "area", "building", "weak", "town")
"""Kinds of places, those first that a name rather means."""
_MEETINGS = ("gipfel", "gipfels", "treffen", "treffens", "konferenz", "sitzung", "runde", "tagung")


def link_entities(doc: Doc, article: Article) -> tuple[EntityInArticle, ...]:
    """Return the entities of an article, sorted by key, each with its mentions in text order and its positions.

    Every key that an entity or a position names is among them; such an entity may have no mention, or none but
    adjectives. `doc` comes from `kg.german.parse(nlp, article)`.
    """
    linker = Linker(doc, article)
    _link_countries(linker)
    _link_places(linker)
    link_organizations(linker)
    link_bodies(linker)
    _link_missions(linker)
    _link_summits(linker)
    link_persons(linker)
    link_offices(linker)
    _add_named(linker)
    return tuple(
        EntityInArticle(
            linker.entities[key],
            tuple(sorted(set(linker.mentions[key]), key=lambda m: (m.span, m.kind))),
            tuple(dict.fromkeys(linker.positions[key])),
        )
        for key in sorted(linker.entities)
    )


def _link_countries(linker: Linker) -> None:
    for found in linker.of_type("Country"):
        if found.candidates:
            linker.add(linker.gazetteer.entity(found.candidates[0].key), [found])


def _link_places(linker: Linker) -> None:
    places = linker.of_type("Place")
    forms = forms_of(linker, places)
    for found in places:
        name = linker.base_name(found, forms)
        candidates = found.candidates or linker.known(name, "Place")
        best = _likeliest(candidates, linker)
        linker.add(linker.gazetteer.entity(best.key) if best else linker.entity_named("Place", name), [found])


def _likeliest(candidates: Sequence[Candidate], linker: Linker) -> Candidate | None:
    """Return the likeliest place of a name: a capital, one of a country that the article names, the weightiest."""

    def rank(candidate: Candidate) -> tuple[int, int]:
        kind = _WEIGHTY.index(candidate.kind)
        return (0 if kind < 2 else 1 + linker.rank(linker.gazetteer.entity(candidate.key).country), kind)

    return min(candidates, key=rank, default=None)


def _link_missions(linker: Linker) -> None:
    missions = linker.of_type("Mission")
    forms = forms_of(linker, missions)
    for found in missions:
        name = linker.base_name(found, forms)
        candidates = found.candidates or linker.known(name, "Mission")
        entity = linker.gazetteer.entity(candidates[0].key) if candidates else linker.entity_named("Mission", name)
        linker.add(entity, [found])


def _link_summits(linker: Linker) -> None:
    """Link each phrase to its edition; "der Gipfel" is the last one before it in the article, else the first.

    "Der nächste Gipfel findet 2026 statt" is another edition, but an outlook: "der Gipfel" after it still is the one
    that the article tells of.
    """
    last: dict[str, tuple[int, str | None]] = {}
    editions: list[tuple[int, Entity, str]] = []
    others = []
    for found in linker.of_type("Summit"):
        phrase = found.summit
        if phrase is None or not (phrase.series or phrase.place):
            others.append(found)
            continue
        entity = _edition_entity(phrase, last, linker)
        editions.append((found.begin, entity, phrase.series or _series_at(phrase, linker)))
        linker.add(entity, [found])
    for found in others:
        before = [(entity, series) for begin, entity, series in editions if begin < found.begin]
        words = linker.surface(found)
        if editions and found.summit is not None:
            entity, series = before[-1] if before else editions[0][1:]
            year = year_of_next(found.summit, linker.doc)
            if year not in (None, entity.year):
                entity = _edition_entity(replace(found.summit, series=series, year=year), last, linker)
            linker.add(entity, [found])
        elif (found.summit is None or not words.startswith("Gipfel")) and _names_meeting(words):
            linker.add(_unnamed_summit(words, linker), [found])


def _unnamed_summit(words: str, linker: Linker) -> Entity:
    """Return a summit that only the article knows: "Krisentreffen", "Regionalgipfel"."""
    year = linker.article.published.year
    key = f"summit/{slug(words)}-{year}--{linker.article.stem}"
    return Entity(key, "Summit", f"{words} {year}", aliases=(words,), year=year)


def _edition_entity(phrase: SummitPhrase, last: dict[str, tuple[int, str | None]], linker: Linker) -> Entity:
    """Return the edition that a phrase means; without place and year the series' last one in the article."""
    series = phrase.series or _series_at(phrase, linker)
    year, place = edition(replace(phrase, series=series), linker.doc, linker.article, linker.gazetteer)
    if series in last and phrase.place is None and phrase.year is None:
        year, place = last[series]
    last[series] = (year, place)
    name = linker.gazetteer.series.get(series) or (linker.doc[phrase.head].text if series else "Gipfel")
    key = summit_key(series, place, year)
    words = linker.doc[phrase.begin : phrase.end].text
    known = linker.entities.get(key)
    if known is not None:
        linker.entities[key] = replace(known, aliases=tuple(dict.fromkeys((*known.aliases, words))))
        return linker.entities[key]
    met_at = usual_place(series, year, linker.article.text, linker.gazetteer) or place
    return Entity(
        key,
        "Summit",
        f"{name} in {met_at} {year}" if met_at else f"{name} {year}",
        english_label(series, met_at, year, linker.gazetteer),
        aliases=(words,),
        series=name if series else None,
        series_en=linker.gazetteer.series_english.get(series),
        year=year,
    )


def _names_meeting(words: str) -> bool:
    """Tell whether what the recogniser takes for a summit is one: not "Gipfel der Tabelle"."""
    first = words.partition(" ")[0].lower()
    return not first.startswith("gipfel") and words.lower().endswith(_MEETINGS)


def _series_at(phrase: SummitPhrase, linker: Linker) -> str:
    """Return the series that met at the phrase's place around publication: "Gipfel in Vilnius" in 2023 -> Nato."""
    last = phrase.year or linker.article.published.year
    first = phrase.year or last - 1
    met = {
        series
        for (series, place), years in linker.gazetteer.editions.items()
        if place == phrase.place and any(first <= year <= last for year in years)
    }
    return met.pop() if len(met) == 1 else ""


def _add_named(linker: Linker) -> None:
    """Add the entities that others name by key: countries of bodies, owners of offices, capitals of countries."""
    pending = sorted(linker.entities)
    while pending:
        key = pending.pop()
        entity = linker.entities[key]
        for other in (entity.country, entity.capital, *(p.of for p in linker.positions.get(key, ()))):
            if other is not None and other not in linker.entities:
                linker.entities[other] = linker.gazetteer.entity(other)
                pending.append(other)
