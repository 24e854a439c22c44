"""What is known of one article while its mentions are linked; shared by the modules that link each type."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set

from spacy.tokens import Doc

from kg.coref import bare_name, is_genitive
from kg.german.forms import slug
from kg.german.gazetteer import Candidate, load_gazetteer
from kg.mentions import find_all
from kg.model import Article, Entity, EntityType, Mention, Position, Span
from kg.scene import Found

_QUOTES = "„“”\"«»‚‘'’›‹"
_DESCRIPTORS = re.compile(
    r".*(?:stadt|dorf|ort|flusse?s?|insel|eiland|hochburg|viertel|ufer|konzerne?s?|miliz|organisation|bewegung|truppe|"
    r"bank|amt|agentur|unternehmens?|verlags?|börse|senders?|fernsehens?|rundfunks?|institute?s?|bündnis(?:ses)?|einheit|"
    r"zeitung|firma|linie|airline|hersteller|koalition|verein|verband|bund|kommandos?|studios?|magazins?|blatt|mission|"
    r"operation|kreuz|partei|front|gruppe|fraktion|klub|fonds|familie|mannschaft|plattform|netzwerk|dienst|dienstes|"
    r"rebellen|guerilla|festung|gemeinde|berg|see|schiff|zerstörer|fregatte|kreuzer|träger|korvette)",
    re.IGNORECASE,
)
"""Common nouns before a name: "Ölkonzern Adnoc", "Stadt Qingdao", "Übergangsmission ATMIS"."""


class Linker:
    """One article with its mentions, and the entities that they have become so far."""

    def __init__(self, doc: Doc, article: Article) -> None:
        self.doc = doc
        self.article = article
        self.gazetteer = load_gazetteer()
        self.found = find_all(doc, article)
        self.entities: dict[str, Entity] = {}
        self.mentions: dict[str, list[Mention]] = defaultdict(list)
        self.positions: dict[str, list[Position]] = defaultdict(list)
        self.key_at: dict[int, str] = {}
        """Token index to the entity whose name stands there."""
        self.countries = Counter(
            f.candidates[0].key for f in self.found if f.mention.type == "Country" and f.candidates
        )
        """How often the article names each country, by name, capital or adjective."""

    def add(self, entity: Entity, found: Iterable[Found]) -> None:
        """Add mentions of an entity."""
        self.entities.setdefault(entity.key, entity)
        for item in found:
            self.mentions[entity.key].append(item.mention)
            if item.mention.kind == "name":
                self.key_at.update(dict.fromkeys(range(item.begin, item.end), entity.key))

    def drop_adjectives(self, spans: Set[Span]) -> None:
        """Drop the evidence for a country that is a whole office: "US-Präsident" is a person once he is found."""
        for mentions in self.mentions.values():
            mentions[:] = [m for m in mentions if m.kind != "adjective" or m.span not in spans]

    def surface(self, found: Found) -> str:
        """Return the words of a mention."""
        return self.doc[found.begin : found.end].text

    def of_type(self, type_: EntityType) -> list[Found]:
        """Return the mentions of a type, without offices and bodies of states."""
        return [f for f in self.found if f.mention.type == type_ and f.owned is None]

    def rank(self, country: str | None) -> int:
        """Return a sort key that puts the countries first which the article names most."""
        return -self.countries.get(country or "", 0)

    def base_name(self, found: Found, forms: set[str]) -> str:
        """Return the name alone: without quotation marks, genitive and descriptor ("Ölkonzern Adnoc" -> "Adnoc")."""
        begin = found.begin
        while begin < found.end - 1 and self._describes(begin):
            begin += 1
        surface = self.doc[begin : found.end].text.strip(_QUOTES)
        return bare_name(surface, forms, self.gazetteer, genitive=is_genitive(self.doc, found)) or self.surface(found)

    def _describes(self, i: int) -> bool:
        token, following = self.doc[i], self.doc[i + 1]
        if token.text[0].islower() or token.text in _QUOTES:
            return True
        opens = following.text[0].isupper() or following.text[0] in _QUOTES
        return opens and "-" not in token.text and _DESCRIPTORS.fullmatch(token.text) is not None

    def entity_named(self, type_: EntityType, name: str) -> Entity:
        """Return the entity of a name that the gazetteer does not have, or has in another spelling ("Vucic")."""
        key = f"{type_.lower()}/{slug(name) or 'unbenannt'}"
        return self.gazetteer.entity(key) if key in self.gazetteer else Entity(key, type_, name)

    def known(self, name: str, type_: EntityType) -> tuple[Candidate, ...]:
        """Return what the gazetteer knows of a type by a name."""
        return tuple(c for c in self.gazetteer.lookup(name) if c.type == type_)


def forms_of(linker: Linker, found: Sequence[Found]) -> set[str]:
    """Return the surface forms of mentions."""
    return {linker.surface(f).strip(_QUOTES) for f in found}
