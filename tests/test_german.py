"""The German package: tokens, sentences, particles by hand-built docs; the bundled model by a smoke test."""

from datetime import date
from functools import cache

import pytest
import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.errors import DataError
from kg.german import full_lemma, is_noise, load, official, parse
from kg.german.lemmas import find_lemma
from kg.german.sentences import LONGEST, copy_annotation, extract_sentence, set_sentences, word_places
from kg.german.tokenizer import GermanTokenizer
from kg.model import Article, Span


@cache
def tokenizer() -> GermanTokenizer:
    return GermanTokenizer(spacy.blank("de"))


def words(text: str) -> list[str]:
    return [token.text for token in tokenizer()(text)]


def sentences(text: str) -> list[str]:
    doc = tokenizer()(text)
    set_sentences(doc)
    return [sent.text.strip() for sent in doc.sents]


def article(text: str, *noise: Span) -> Article:
    return Article("test", text, text.partition("\n")[0], date(2024, 11, 18), "given", noise=noise)


@pytest.mark.parametrize(
    "text",
    [
        "US-Präsident Donald Trump",
        "G-20-Gipfel G20-Gipfel EU-China-Gipfel",
        "am 13. Dezember",
        "die 102. Militärbasis",
        "10.000 Mann",
        "80'000 Franken",
        "St. Petersburg",
        "J.D. Vance",
        "F-16 F/A-18 A400M SAMP/T km/h",
        "Soldat:innen um 12:30 Uhr",
        "N'Djamena O'Brien",
        "3,5-Milliarden-Hilfe 155-mm-Granaten",
    ],
)
def test_tokens_that_stay_whole(text: str) -> None:
    assert words(text) == text.split(" ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("im Mai/Juni", ["im", "Mai", "/", "Juni"]),
        ("Moskau/Kiew.", ["Moskau", "/", "Kiew", "."]),
        ("15./16. Oktober", ["15.", "/", "16.", "Oktober"]),
        ("20.–22. November", ["20.", "–", "22.", "November"]),
        ("10-20 Mann", ["10", "-", "20", "Mann"]),
        ("„Trent“-Kreuzer", ["„", "Trent", "“", "-Kreuzer"]),
        ("sagte:„Nein“.Dann", ["sagte", ":", "„", "Nein", "“", ".", "Dann"]),
        ("im Jahr 2024.", ["im", "Jahr", "2024", "."]),
        ("10.000.", ["10.000", "."]),
        ("die F-16.", ["die", "F-16", "."]),
        ("auf Platz 13.\nDann", ["auf", "Platz", "13", ".", "\n", "Dann"]),
        ("und dann… Nein...", ["und", "dann", "…", "Nein", "..."]),
        ("10 000 Mann", ["10 000", "Mann"]),
        ("10\u202f000 Mann", ["10\u202f000", "Mann"]),
        ("Im Mai 2024 100 Mann", ["Im", "Mai", "2024", "100", "Mann"]),
        ("+++ Kiew +++", ["+++", "Kiew", "+++"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_tokens_keep_every_character() -> None:
    text = "  Kopf\n\n„10 000“ (dpa) –\t13.\n"
    assert "".join(token.text_with_ws for token in tokenizer()(text)) == text


@pytest.mark.parametrize(
    "expected",
    [
        ["Truppen für Kursk", "Pjöngjang schickt Soldaten.", "Kiew ist besorgt."],
        ["Am 9. Dezember reiste er ab.", "Am 13. Mai kam er an."],
        ["Er kam am 9.", "Die 3. Brigade blieb."],
        ["Dr. Müller traf W. Putin in St. Petersburg.", "J. D. Vance sah zu."],
        ["„Wir helfen.", "Wir bleiben“, sagte er.", "„Gut.“", "Dann ging er."],
        ["„Nein!“, rief er.", "„Wirklich?“ fragte sie."],
        ["Er sagte: „Das bleibt so.“", "Kiew schwieg."],
        ["Rund 4,5 Mio. Euro z. B. für Mali u. a.", "Das reicht."],
        ["Fürst Johann II. löste das Heer auf.", "So war es."],
        ["Er zögerte … Schweigen."],
        ["Elmau (dpa) -", "Die G7 will helfen."],
        ["SEOUL, 21. Jan. (Yonhap) --", "Südkorea hat entschieden."],
        ["Wien/N'Djamena –", "Sie sollten den Boden bereiten."],
        ["Verteidigungsminister Jung (CDU) betonte das."],
        ["Trump – so heißt es – kommt."],
        ["+++ 14:20 Uhr: Oslo liefert F-16 +++"],
        ["Das sagte er dem Sender France 24.", "Kongos Präsident schwieg."],
        ["Sie kamen am Samstag 24. Juni an."],
    ],
)
def test_sentences(expected: list[str]) -> None:
    separator = "\n" if expected[0] == "Truppen für Kursk" else " "
    first, *rest = expected
    assert sentences(first + separator + " ".join(rest)) == expected


def test_newline_ends_sentence_and_belongs_to_it() -> None:
    doc = tokenizer()("Gipfel in Rio\n\nDie G20 tagt.")
    set_sentences(doc)
    assert [sent.text for sent in doc.sents] == ["Gipfel in Rio\n\n", "Die G20 tagt."]


def test_copied_annotation_survives_whitespace_between_words() -> None:
    doc = tokenizer()("Donald  Trump kam.\nKiew schwieg.")
    set_sentences(doc)
    places = word_places(doc)
    parts = [extract_sentence(doc, sentence) for sentence in places]
    copy_annotation(doc, places, [with_heads(parts[0], [1, 2, 2, 2]), with_heads(parts[1], [1, 1, 1])])
    heads = "Trump Donald kam kam kam . schwieg schwieg schwieg"
    assert [token.head.text for token in doc] == heads.split()
    assert [sent.text for sent in doc.sents] == ["Donald  Trump kam.\n", "Kiew schwieg."]


def with_heads(doc: Doc, heads: list[int]) -> Doc:
    """Copy a doc with a tree."""
    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        heads=heads,
        deps=["ROOT" if head == place else "dep" for place, head in enumerate(heads)],
    )


def build(text: str, heads: list[int], deps: list[str], pos: list[str], morphs: list[str] | None = None) -> Doc:
    doc = Doc(Vocab(), words=text.split(), heads=heads, deps=deps, pos=pos, morphs=morphs)
    for token in doc:
        token.lemma_ = find_lemma(token.text, token.pos_)
    return doc


def test_full_lemma_by_parser() -> None:
    doc = build(
        "Kiew schickt Soldaten ab .",
        [1, 1, 1, 1, 1],
        ["nsubj", "ROOT", "obj", "compound:prt", "punct"],
        ["PROPN", "VERB", "NOUN", "ADP", "PUNCT"],
    )
    assert full_lemma(doc[1]) == "abschicken"
    assert full_lemma(doc[2]) == "Soldat"


def test_full_lemma_by_the_clause_end_where_the_parser_missed_it() -> None:
    doc = build(
        "Kiew kündigte gestern Gespräche an , weil es drängt .",
        [1, 1, 1, 1, 3, 1, 8, 8, 1, 1],
        ["nsubj", "ROOT", "advmod", "obj", "case", "punct", "mark", "nsubj", "advcl", "punct"],
        ["PROPN", "VERB", "ADV", "NOUN", "ADP", "PUNCT", "SCONJ", "PRON", "VERB", "PUNCT"],
        ["", "VerbForm=Fin", "", "", "", "", "", "", "VerbForm=Fin", ""],
    )
    assert full_lemma(doc[1]) == "ankündigen"
    assert full_lemma(doc[8]) == "drängen"


def test_full_lemma_takes_no_preposition_for_a_particle() -> None:
    doc = build(
        "Kiew wartet auf Hilfe .",
        [1, 1, 3, 1, 1],
        ["nsubj", "ROOT", "case", "obl", "punct"],
        ["PROPN", "VERB", "ADP", "NOUN", "PUNCT"],
        ["", "VerbForm=Fin", "", "", ""],
    )
    assert full_lemma(doc[1]) == "warten"


@pytest.mark.parametrize(
    ("form", "pos", "lemma"),
    [
        ("entsandt", "VERB", "entsenden"),
        ("Schickt", "VERB", "schicken"),
        ("einmarschiert", "VERB", "einmarschieren"),
        ("abzuziehen", "VERB", "abziehen"),
        ("zurückgebracht", "VERB", "zurückbringen"),
        ("bombardiert", "VERB", "bombardieren"),
        ("abgefeuert", "VERB", "abfeuern"),
        ("entsendet", "VERB", "entsenden"),
        ("feststand", "VERB", "feststehen"),
        ("begrüsst", "VERB", "begrüßen"),
        ("Aussenministers", "NOUN", "Außenminister"),
        ("Klimaschäden", "NOUN", "Klimaschaden"),
        ("Panzerhaubitzen", "NOUN", "Panzerhaubitze"),
        ("Patriot-Systemen", "NOUN", "Patriot-System"),
        ("Putins", "PROPN", "Putins"),
    ],
)
def test_lemmas(form: str, pos: str, lemma: str) -> None:
    assert find_lemma(form, pos) == lemma


def test_unknown_model_names_the_remedy() -> None:
    with pytest.raises(DataError, match="LAGEBILD_LANGUAGE_MODEL"):
        load("no_such_model")


def test_official_tree_becomes_universal() -> None:
    doc = Doc(
        Vocab(),
        words=["Soldaten", "sind", "nach", "Mali", "geschickt", "worden", "."],
        heads=[1, 1, 4, 2, 5, 1, 1],
        deps=["sb", "ROOT", "mo", "nk", "oc", "oc", "punct"],
        pos=["NOUN", "AUX", "ADP", "PROPN", "VERB", "AUX", "PUNCT"],
        morphs=["", "", "", "", "VerbForm=Part", "VerbForm=Part", ""],
        lemmas=["Soldat", "sein", "nach", "Mali", "schicken", "werden", "."],
    )
    doc = official.translate(doc)
    assert [(token.head.text, token.dep_) for token in doc] == [
        ("geschickt", "nsubj:pass"),
        ("geschickt", "aux"),
        ("Mali", "case"),
        ("geschickt", "obl"),
        ("geschickt", "ROOT"),
        ("geschickt", "aux:pass"),
        ("geschickt", "punct"),
    ]


TEXT = """Nordkorea schickt Soldaten nach Russland

Nordkoreas Machthaber Kim Jong Un hat rund 10.000 Soldaten nach Russland geschickt. Das sagte US-Präsident Joe Biden \
am 13. November in Washington. Die Nato kündigte für Freitag neue Gespräche an.

LESEN SIE AUCH: Wladimir Putin besucht China
"""


@cache
def parsed() -> Doc:
    begin = TEXT.index("LESEN")
    return parse(load(), article(TEXT, Span(begin, len(TEXT) - 1)))


def test_noise_is_marked() -> None:
    doc = parsed()
    assert is_noise(doc[-3])
    assert not is_noise(doc[0])


def test_bundled_model_parses() -> None:
    doc = parsed()
    sent = next(sent for sent in doc.sents if "10.000" in sent.text)
    verb = next(token for token in sent if token.text == "geschickt")
    assert sent.root == verb
    assert verb.pos_ == "VERB"
    assert verb.lemma_ == "schicken"
    assert "Part" in verb.morph.get("VerbForm", [])
    announced = next(token for token in doc if token.text == "kündigte")
    assert full_lemma(announced) == "ankündigen"


def test_doc_covers_the_text_and_is_fully_annotated() -> None:
    doc = parsed()
    assert doc.text == TEXT
    assert all(token.dep_ and token.pos_ and token.lemma_ for token in doc)
    assert [sent.text.strip().split()[0] for sent in doc.sents] == ["Nordkorea", "Nordkoreas", "Das", "Die", "LESEN"]


@pytest.mark.parametrize("text", ["", "\n", "   ", "?", "\n\n13.\n", "\u200b", "a" * 5_000, "Kiew " * 3_000])
def test_odd_texts_are_parsed(text: str) -> None:
    assert parse(load(), article(text)).text == text


def test_parsing_is_deterministic() -> None:
    first, second = parse(load(), article(TEXT)), parse(load(), article(TEXT))
    assert first.to_json() == second.to_json()


def test_a_text_without_full_stops_is_cut() -> None:
    doc = tokenizer()("Kiew " * 1_000)
    set_sentences(doc)
    assert max(len(sent) for sent in doc.sents) <= LONGEST


def test_a_foreign_pipeline_goes_through_the_same_door() -> None:
    nlp = spacy.blank("de")
    parser = nlp.add_pipe("parser")
    for label in ("sb", "oa", "svp"):
        parser.add_label(label)  # type: ignore[attr-defined]  # a trainable pipe has it
    nlp.initialize()
    doc = parse(nlp, article(TEXT))
    assert doc.text == TEXT
    assert not {token.dep_ for token in doc} & {"sb", "oa", "svp"}
