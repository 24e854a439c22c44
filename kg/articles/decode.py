"""Bytes become clean text: encoding, normalisation, and what is no text at all."""

import codecs
import re
import unicodedata

from kg.errors import ArticleError

_SAVE_AS_UTF8 = "Save it as UTF-8 text."

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""")

_MISREAD = re.compile(r"Ã[¤¶¼Ÿ„–œ\u0084\u0096\u009c\u009f]|â€[žœ“”™]|[a-zA-Z][„”][a-z]")
"""Umlauts and quotes read in the wrong encoding: "fÃ¼r" (UTF-8 as cp1252), "M„rz" (cp850 as cp1252)."""

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_SPACES = re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
"""Soft hyphens, zero-width and direction marks: they split words for a tokeniser and nobody sees them."""
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_MAX_CONTROLS = 3
"""Control characters that a text may carry by accident; more of them, or a single NUL, is a binary file."""


def decode_text(raw: bytes, name: str, declared: str | None = None) -> str:
    """Decode an article's bytes: a byte-order mark, the `declared` encoding, UTF-8 or Windows-1252, in this order.

    Raises:
        ArticleError: the bytes are no text in any of these.
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _decode(raw[len(mark) :], encoding, name)
    if b"\x00" in raw:
        raise ArticleError(f"{name} is a binary file.", "Give the article as text (.txt) or as a page (.html).")
    candidates = [codec for codec in (_usable(declared), "utf-8", "cp1252") if codec]
    for encoding in candidates:
        try:
            text = raw.decode(encoding)
        except (UnicodeError, LookupError):  # "base64" and "hex" are codecs too, but not of text
            continue
        if encoding != "utf-8" and _MISREAD.search(text):
            continue
        return text
    raise ArticleError(f"{name} is neither UTF-8 nor Windows-1252, or is damaged.", _SAVE_AS_UTF8)


def decode_page(raw: bytes, name: str, declared: str | None = None) -> str:
    """Decode an HTML page like `decode_text`, by the encoding that the server or the page's head declares.

    Raises:
        ArticleError: the bytes are no text.
    """
    in_head = _DECLARED.search(raw[:4096])
    return decode_text(raw, name, declared or (in_head[1].decode("ascii") if in_head else None))


def clean_text(text: str, name: str) -> str:
    r"""Return `text` as articles store it: NFC, `\n` line ends, plain spaces, nothing invisible, no outer blank lines.

    Raises:
        ArticleError: the text is empty or carries control characters as a binary file does.
    """
    text = _LINE_ENDS.sub("\n", text)
    controls = _CONTROLS.findall(text)
    if "\x00" in controls or len(controls) > _MAX_CONTROLS:
        raise ArticleError(f"{name} holds control characters and is no text.", "Give the article as plain text.")
    text = _INVISIBLE.sub("", _CONTROLS.sub("", text))
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", text))
    if _MISREAD.search(text):
        raise ArticleError(f"{name} has umlauts that were read in a wrong encoding.", _SAVE_AS_UTF8)
    text = "\n".join(line.strip() for line in text.split("\n")).strip("\n")
    if not any(character.isalpha() for character in text):
        raise ArticleError(f"{name} holds no words.", "Give a file with the article's text in it.")
    return text


def _decode(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise ArticleError(f"{name} is marked as {encoding.upper()} but is damaged.", _SAVE_AS_UTF8) from None


def _usable(declared: str | None) -> str | None:
    """Return the codec of a declared encoding; Latin-1 means Windows-1252, as browsers read it."""
    if declared is None:
        return None
    try:
        codec = codecs.lookup(declared).name
    except (LookupError, ValueError):  # a name with a null byte is the latter
        return None
    return "cp1252" if codec in {"iso8859-1", "ascii"} else codec
