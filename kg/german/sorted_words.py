"""A long list of words in one piece, searched where it lies.

To lay 300,000 words out as a set takes longer than all that an article asks of it.
"""

from functools import lru_cache


class SortedWords:
    """The words of a text with one a line, sorted by their bytes; no line break ends the last."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._has = lru_cache(maxsize=50_000)(self._search)  # articles repeat each other's words

    def __contains__(self, word: str) -> bool:
        """Tell whether a word is in the list."""
        return self._has(word)

    def _search(self, word: str) -> bool:
        text, wanted = self._text, word.encode()
        begin, end = 0, len(text)
        while begin < end:
            middle = (begin + end) // 2
            first = text.rfind(b"\n", begin, middle) + 1 or begin
            last = text.find(b"\n", middle)
            line = text[first : last if last >= 0 else len(text)]
            if line == wanted:
                return True
            if line < wanted:
                begin = first + len(line) + 1
            else:
                end = first
        return False
