"""Names compared without regard to case, accents and punctuation: "Turkei" and "Tuerkei" are spellings of Türkei."""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 200
"""Characters of a text that are looked at."""
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def fold(text: str) -> str:
    """Return the words of a text in lower case without accents, separated by single spaces."""
    plain = text[:LONGEST].casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join([letter for letter in apart if not unicodedata.combining(letter)])
    return " ".join(re.findall(r"\w+", plain))


def fold_both(text: str) -> Iterator[str]:
    """Yield the folded spellings of a name: umlauts as plain letters, and written out where there are any."""
    plain = fold(text)
    written_out = fold(unicodedata.normalize("NFC", text).casefold().translate(UMLAUTS))
    yield plain
    if written_out != plain:
        yield written_out
