"""A stand-in for the language pipeline, and how the tests run the command line."""

import re
from pathlib import Path
from types import SimpleNamespace

from click.testing import CliRunner, Result

from kg.cli.main import main
from kg.model import Article, Claim, Entity, EntityInArticle, Extraction, Figure, Mention, Reason, Span

KENYA = Entity("country/KE", "Country", "Kenia", iso="KE", wikidata="Q114")
HAITI = Entity("country/HT", "Country", "Haiti", iso="HT", wikidata="Q790")
TEXT = "Kenia schickt Polizisten\n\nDie Regierung von Kenia hat am Dienstag 400 Polizisten nach Haiti geschickt.\n"


class StandIn:
    """Finds Kenia, Haiti, a number of policemen, and one claim where all three are."""

    def extract(self, article: Article) -> Extraction:
        if "Absturz" in article.text:
            raise KeyError("the parser's fault")
        entities = []
        for entity in (HAITI, KENYA):
            spans = [Span(m.start(), m.end()) for m in re.finditer(entity.label, article.text)]
            if spans:
                mentions = tuple(Mention(span, "name", entity.type) for span in spans)
                entities.append(EntityInArticle(entity, mentions))
        number = re.search(r"(\d+) Polizisten", article.text)
        claims = []
        if number and len(entities) == 2:
            figure = Figure(Span(*number.span()), int(number[1]), int(number[1]), "exactly")
            sentence = Span(article.text.rindex("\n", 0, number.start()) + 1, article.text.index(".", number.end()) + 1)
            claims.append(
                Claim(
                    "Deployment",
                    "occurred",
                    trigger=figure.span,
                    evidence=sentence,
                    roles={"sender": (KENYA.key,), "destination": (HAITI.key,)},
                    personnel=figure,
                    reasons=(Reason("sender", "Kenia", "subject of the verb"),),
                )
            )
        return Extraction(article, tuple(entities), tuple(claims))

    def read(self, article: Article) -> SimpleNamespace:
        lines = re.finditer(r"[^\n]+", article.text)
        sentences = [SimpleNamespace(start_char=line.start(), end_char=line.end()) for line in lines]
        return SimpleNamespace(article=article, doc=SimpleNamespace(sents=sentences))

    def extract_from(self, reading: SimpleNamespace) -> Extraction:
        return self.extract(reading.article)


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)


def export(store: Path) -> str:
    target = store.with_name("graph.nq")
    result = run("export", "--store", store, "-o", target)
    assert result.exit_code == 0, result.output
    return target.read_text(encoding="utf-8")
