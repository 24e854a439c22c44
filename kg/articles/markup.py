"""Pages that are made to keep their reader busy, told by their markup before anything parses it.

libxml2 compares each attribute of a tag with all others of that tag, so that 40,000 of them took it 11 seconds and
200,000 minutes; what finds the article in the parsed page took 1.6 seconds at most for 20,000 tags of any kind that
was tried, and beyond 30,000 more than 30 for some. Pages of newspapers have some thousand tags.

Source: HTML Standard, 13.2.5 Tokenization, as far as it takes to know where a tag ends.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from kg.errors import ArticleError

MAX_TAGS: Final = 20_000
MAX_ATTRIBUTES: Final = 3_000
"""Of one tag."""
MAX_ATTRIBUTES_IN_ALL: Final = 100_000

# A comment or a value that is not ended goes on to the end of the page: so no sign is looked at more than twice.
_TAG: Final = re.compile(
    r"""(?s:<!--(?:-?>|.*?(?:--!?>|\Z)))"""
    r"""|<([a-zA-Z][^\s/>]*)(?:=\s*(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^\s>"'][^\s>]*)?|[^>=])*"""
)
_ATTRIBUTE: Final = re.compile(r"""\s[a-zA-Z_:@][\w:.@-]*\s*=\s*(?:"[^"<]*"|'[^'<]*')|[^\s/"'=<>]+""")
"""One that is written as usual; each word of what is not, since parsers differ in where its value begins."""
_END_OF_RAW: Final = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("script", "style")}
"""Elements without markup in them, and how they end."""


def check_markup(html: str, name: str) -> None:
    """See to it that a page can be parsed in a reasonable time.

    Raises:
        ArticleError: it has too many tags, or too many attributes in one of them or in all.
    """
    in_all = 0
    for number, tag in enumerate(_find_tags(html), 1):
        attributes = sum(1 for _ in islice(_ATTRIBUTE.finditer(tag), 1, MAX_ATTRIBUTES + 2))  # the first is its name
        in_all += attributes
        if number > MAX_TAGS:
            raise _refuse(name, f"{MAX_TAGS:,} tags")
        if attributes > MAX_ATTRIBUTES:
            raise _refuse(name, f"{MAX_ATTRIBUTES:,} attributes in a tag")
        if in_all > MAX_ATTRIBUTES_IN_ALL:
            raise _refuse(name, f"{MAX_ATTRIBUTES_IN_ALL:,} attributes")


def _find_tags(html: str) -> Iterator[str]:
    place = 0
    while (match := _TAG.search(html, place)) is not None:
        place = match.end()
        if match[1] is None:  # a comment
            continue
        yield match[0]
        raw = _END_OF_RAW.get(match[1].lower())
        if raw is not None:
            end = raw.search(html, place)
            place = end.start() if end else len(html)


def _refuse(name: str, what: str) -> ArticleError:
    return ArticleError(f"{name} has more than {what}.", "Save the article as a .txt file and give that.")
