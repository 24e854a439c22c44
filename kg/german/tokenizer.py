"""The tokeniser for German news: spaCy's, with the rules that news text needs differently."""

import re

from spacy.lang.char_classes import ALPHA, ALPHA_LOWER, ALPHA_UPPER, CURRENCY, LIST_ELLIPSES, LIST_ICONS
from spacy.lang.de import German
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]  # Cython, without stubs
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

from kg.german.words import ABBREVIATIONS

_QUOTE = r"[„“”«»\"‚]"

_INFIXES = [
    *LIST_ELLIPSES,
    *LIST_ICONS,
    rf"(?<=[{ALPHA_LOWER}])\.(?=[{ALPHA_UPPER}])",
    # Together, since classes of letters take longest to compile. "sagte:„Nein“" and "Kiew:Die", yet "Soldat:innen" and
    # "12:30" stay whole
    rf"(?<=[{ALPHA}])(?:[,!?;<>=](?=[{ALPHA}])|[,!?;](?=[„»\"‚])|:(?=[{ALPHA_UPPER}„“\"«»]))",
    # "Mai/Juni", "Moskau/Kiew", "15./16.", yet "F/A-18" and "km/h" stay whole
    r"(?<=[\w.)]{2})/(?=\w\w)",
    # "„Trent“-Kreuzer" gives "„", "Trent", "“", "-Kreuzer"
    rf"(?<=[{ALPHA}\d.!?]){_QUOTE}(?=[\w\-.,])",
    rf"(?<=[:,;.!?–—/]){_QUOTE}",
    rf"(?<={_QUOTE})[.!?](?=[{ALPHA_UPPER}])",
    rf"(?<=[{ALPHA}\d])[()\[\]](?=[{ALPHA}\d\-])",
    r"(?<=[\w.])(?:--+|[–—])(?=\w)",
    r"(?<=\d)-(?=\d)",
]

_SUFFIXES = [
    "''",
    "/",
    r"…",
    r"\.\.+",
    r"[,:;!?\]\)\}>*&•|„“”«»\"‘’‚'`´]",
    *LIST_ICONS,
    r"\++",
    r"[–—]",
    r"--+",
    rf"(?<=[0-9])(?:{CURRENCY}|%|‰|°C)",
    r"(?<=[0-9])(?:km|kg|mm|cm)",
    # a sentence may end in a year or "10.000.", but "13." and "102." are ordinals
    r"(?<=\d\d\d\d)\.",
    r"(?<=[.'’]\d\d\d)\.",
    r"(?<=[,:\-]\d)\.",
    r"(?<=[,:\-]\d\d)\.",
    rf"(?<=[{ALPHA_LOWER}%²°\-\+\)\]\}}“”«»\"‘’'!?…€$/])\.",
    rf"(?<=[{ALPHA_UPPER}\d][{ALPHA_UPPER}])\.",
]

_PREFIXES = [
    r"[\[\(\{<„“”«»\"‚‘'`´•►|*&§#,;:!?/=]",
    *LIST_ELLIPSES,
    *LIST_ICONS,
    r"\++",
    r"[–—]",
    r"--+",
    rf"(?:{CURRENCY})(?=\d)",
]

# "landete auf Platz 13.\n": no ordinal can end a line
_LINE_FINAL_NUMBER = re.compile(r"(?<![\w.,:\-])\d{1,3}\.(?=[“”\"»«)]*[ \t]*(?:\n|\Z))")
_SPACED_NUMBER = re.compile(r"(?<![\d.,:])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d:]|[.,]\d)")


class GermanTokenizer:
    """Turns text into a `Doc`; hyphen compounds ("EU-China-Gipfel") and ordinals ("13.") are one token each."""

    def __init__(self, nlp: Language) -> None:
        rules = {text: rule for text, rule in German.Defaults.tokenizer_exceptions.items() if " " not in text}
        rules |= {form: [{"ORTH": form}] for word in ABBREVIATIONS for form in (word, word[0].upper() + word[1:])}
        self._base = Tokenizer(
            nlp.vocab,
            rules=rules,
            prefix_search=compile_prefix_regex(_PREFIXES).search,
            suffix_search=compile_suffix_regex(_SUFFIXES).search,
            infix_finditer=compile_infix_regex(_INFIXES).finditer,
            url_match=German.Defaults.url_match,
        )

    def __call__(self, text: str) -> Doc:
        """Return the tokens of `text`, which together are the text."""
        doc: Doc = self._base(text)
        spaced = [span for match in _SPACED_NUMBER.finditer(text) if (span := doc.char_span(*match.span()))]
        final = [span for match in _LINE_FINAL_NUMBER.finditer(text) if (span := doc.char_span(*match.span()))]
        if spaced or final:
            with doc.retokenize() as retokenizer:
                for span in spaced:
                    retokenizer.merge(span)
                for span in final:
                    if len(span) == 1:
                        retokenizer.split(span[0], [span.text[:-1], "."], [(span[0], 1), (span[0], 1)])
        return doc

    def to_bytes(self, **kwargs: object) -> bytes:
        """Give the state to store: none, the rules are code."""
        return b""

    def from_bytes(self, data: bytes, **kwargs: object) -> "GermanTokenizer":
        """Take back what `to_bytes` gave."""
        return self

    def to_disk(self, path: object, **kwargs: object) -> None:
        """Store nothing: the rules are code."""

    def from_disk(self, path: object, **kwargs: object) -> "GermanTokenizer":
        """Read nothing: the rules are code."""
        return self


@registry.tokenizers("lagebild.GermanTokenizer.v1")  # type: ignore[untyped-decorator]  # catalogue has no types
def create_tokenizer() -> object:
    """Give spaCy the function that makes the tokeniser of a pipeline."""
    return GermanTokenizer
