"""Pages whose scripts, styles, titles or headlines are opened and never closed.

A parser takes all that follows for a part of them: a script then swallows the article, and a headline has its text.

Source: HTML Standard, 13.2.5 Tokenization: only its own end tag ends a script, a style or a title.
"""

import re
from typing import Final

_TAG: Final = re.compile(r"<(/?)(script|style|title|h1)\b[^<>]*>", re.IGNORECASE)
_BODY: Final = r"</head\s*>|<body\b"
_BLOCK: Final = r"<(?:p|h[1-6]|article|main)\b"
_BOUNDARIES: Final = {
    # After a statement no tag can follow but in a template ("`…;<p>`"), where nobody leaves a script open.
    "script": re.compile(rf";\s*(?=(?:{_BODY}|{_BLOCK}))|[}})]\s*(?={_BODY})", re.IGNORECASE),
    "style": re.compile(rf"\}}\s*(?=(?:{_BODY}|{_BLOCK}))", re.IGNORECASE),
    "title": re.compile(r"(?=<)"),
    "h1": re.compile(
        rf"(?={_BLOCK}|{_BODY}|</?(?:div|section|header|footer|figure|ul|ol|table|aside|nav|time)\b"
        r"|</(?:article|main|body|html)\b)",
        re.IGNORECASE,
    ),
}
"""Where an element can only have ended that is not closed."""


def close_elements(html: str) -> str:
    """Close each script, style, title and headline that is left open, before the first tag that cannot be in it.

    "<h1>Waffen für Kiew <div><p>…" -> "<h1>Waffen für Kiew </h1><div><p>…"; a script without such a tag stays as it is,
    so that its code never becomes text.
    """
    tags = list(_TAG.finditer(html))
    partners, latest = list[re.Match[str] | None](), dict[str, re.Match[str]]()
    for tag in reversed(tags):
        partners.append(latest.get(tag[2].lower()))
        latest[tag[2].lower()] = tag
    parts, place, closed = list[str](), 0, 0
    for tag, partner in zip(tags, reversed(partners), strict=True):
        if tag[1] or tag.start() < closed:
            continue
        if partner is not None and partner[1]:
            closed = partner.end()
            continue
        name = tag[2].lower()
        limit = partner.start() if partner else len(html)
        end = _BOUNDARIES[name].search(html, tag.end(), limit)
        if end is not None:
            parts += (html[place : end.end()], f"</{name}>")
            place = closed = end.end()
        elif name in {"script", "style"}:
            closed = limit
    return "".join((*parts, html[place:]))
