"""`kg explain`."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

import click

from kg import tasks
from kg.articles import ReadOptions, read_inputs
from kg.cli.tables import count_line
from kg.errors import ArticleError
from kg.model import Article, Claim, Extraction, Span
from kg.settings import Settings
from kg.wholes import words_of_figure


@click.command("explain", short_help="Show which words made which claim.")
@click.argument("source", metavar="INPUT")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Publication date, as for build.")
@click.option("--all", "show_all", is_flag=True, help="Show the sentences without a claim too, and the page's noise.")
def command(source: str, published: datetime | None, show_all: bool) -> None:
    """Show an article sentence by sentence: which words made a claim, and why each role has its filler.

    INPUT is a .txt or .html file, an http(s) URL, or - for the standard input, as for build. Nothing is stored.

    \b
    Examples:
      kg explain articles/eutm-mali.txt
      echo "Kenia schickt 400 Polizisten nach Haiti." | kg explain - --published 2024-06-25
    """
    options = ReadOptions(date.today(), published.date() if published else None, Settings.from_environment())
    articles = list(read_inputs([source], options))
    failed = False
    for article in articles:
        if isinstance(article, ArticleError):
            click.echo(f"Error: {article}", err=True)
            failed = True
            continue
        extractor = tasks.open_extractor(options.settings.language_model)
        reading = extractor.read(article)
        sentences = [Span(s.start_char, s.end_char) for s in reading.doc.sents]
        for line in explain(extractor.extract_from(reading), sentences, show_all=show_all):
            click.echo(line)
    if failed:
        sys.exit(1)


def explain(extraction: Extraction, sentences: list[Span], *, show_all: bool) -> Iterator[str]:
    """Yield the lines of an explanation.

    Args:
        extraction: what was read.
        sentences: all sentences of the text, in order.
        show_all: whether sentences without a claim are shown.
    """
    article, labels = extraction.article, {item.entity.key: item.entity.label for item in extraction.entities}
    yield f"{article.title} ({article.published}, {article.date_basis})"
    for sentence in sentences:
        claims = [claim for claim in extraction.claims if sentence.begin <= claim.trigger.begin < sentence.end]
        text = " ".join(sentence.of(article.text).split())
        if not text or not (claims or show_all):
            continue
        noise = any(sentence.overlaps(span) for span in article.noise)
        yield ""
        yield f"{'[noise] ' if noise else ''}{text}"
        for claim in claims:
            yield from _explain_claim(claim, article, labels)
    yield ""
    yield f"{count_line(len(extraction.claims), 'claim')}, {count_line(len(extraction.entities), 'entity', 'entities')}"


def _explain_claim(claim: Claim, article: Article, labels: dict[str, str]) -> Iterator[str]:
    why: dict[str, list[str]] = defaultdict(list)
    for reason in claim.reasons:
        why[reason.part].append(f"„{reason.words}“: {reason.why}" if reason.words else reason.why)
    yield f"  {claim.type}, {claim.status} (confidence {claim.confidence:.2f})"
    rows = [("trigger", claim.trigger.of(article.text)), ("status", claim.status)]
    rows += [(role, ", ".join(labels.get(key, key) for key in keys)) for role, keys in claim.roles.items()]
    for name, figure in (("personnel", claim.personnel), ("quantity", claim.quantity)):
        if figure:
            words = words_of_figure(figure, article.text)
            qualifier = figure.qualifier.rstrip("_")
            rows.append((name, f"{words} ({qualifier} {_bounds(figure.min, figure.max)})"))
    if claim.unit:
        rows.append(("unit", claim.unit))
    if claim.items:
        rows.append(("items", ", ".join(claim.items)))
    if claim.time:
        rows.append(
            ("time", f"{claim.time.span.of(article.text)} ({claim.time.begin or '…'} to {claim.time.end or '…'})")
        )
    sources = [labels.get(key, key) for key in claim.attributed_to]
    sources += [claim.attribution_text] if claim.attribution_text else []
    if sources:
        rows.append(("attribution", ", ".join(sources)))
    if claim.relayed_by:
        rows.append(("relayedBy", ", ".join(labels.get(key, key) for key in claim.relayed_by)))
    for part, value in rows:
        yield f"    {part:<12} {value}" + (f"   [{'; '.join(why[part])}]" if part in why else "")


def _bounds(low: int | None, high: int | None) -> str:
    return (
        f"{low:,}"
        if low == high and low is not None
        else f"{'' if low is None else f'{low:,}'}–{'' if high is None else f'{high:,}'}"
    )
