"""The recipe of the German pipeline: treebank tokens under ours, names from surface forms. No corpus is needed."""

from pathlib import Path

import pytest

from training.german.corpora import GoldArticle, read_treebank
from training.german.examples import name_sentences
from training.german.names import Name, find_names, office_words, to_entity_tags
from training.german.stages import blank_pipeline

TREEBANK = """# sent_id = 1
# text = Er reist zum Ost-West-Gipfel.
1\tEr\ter\tPRON\tPPER\tCase=Nom|Gender=Masc|Number=Sing|Person=3|PronType=Prs\t2\tnsubj\t_\t_
2\treist\treisen\tVERB\tVVFIN\tMood=Ind|VerbForm=Fin\t0\troot\t_\t_
3-4\tzum\t_\t_\t_\t_\t_\t_\t_\t_
3\tzu\tzu\tADP\tAPPR\t_\t9\tcase\t_\t_
4\tdem\tder\tDET\tART\tCase=Dat|Definite=Def|Number=Sing\t9\tdet\t_\t_
5\tOst\tOst\tPROPN\tNE\tCase=Dat\t9\tcompound\t_\tSpaceAfter=No
6\t-\t-\tPUNCT\t$(\t_\t5\tpunct\t_\tSpaceAfter=No
7\tWest\tWest\tPROPN\tNE\tCase=Dat\t5\tconj\t_\tSpaceAfter=No
8\t-\t-\tPUNCT\t$(\t_\t9\tpunct\t_\tSpaceAfter=No
9\tGipfel\tGipfel\tNOUN\tNN\tCase=Dat|Number=Sing\t2\tobl\t_\tSpaceAfter=No
10\t.\t.\tPUNCT\t$.\t_\t2\tpunct\t_\t_

# sent_id = 2
# text = Es kreist.
1\tEs\tes\tPRON\tPPER\t_\t2\tnsubj\t_\t_
2\tkreist\tkreisen\tVERB\tVVFIN\t_\t1\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t$.\t_\t2\tpunct\t_\t_
"""


def test_treebank_words_merge_under_our_tokens_and_cyclic_sentences_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "x.conllu"
    file.write_text(TREEBANK, encoding="utf-8")
    (doc,) = read_treebank(file, blank_pipeline())
    assert [(t.text, t.pos_, t.tag_, str(t.morph), t.dep_, t.head.text) for t in doc] == [
        ("Er", "PRON", "PPER", "Case=Nom|Number=Sing|Person=3", "nsubj", "reist"),
        ("reist", "VERB", "VVFIN", "Mood=Ind|VerbForm=Fin", "ROOT", "reist"),
        ("zum", "ADP", "APPRART", "Case=Dat|Number=Sing", "case", "Ost-West-Gipfel"),
        ("Ost-West-Gipfel", "NOUN", "NN", "Case=Dat|Number=Sing", "obl", "reist"),
        (".", "PUNCT", "$.", "", "punct", "reist"),
    ]


def person(name: str, *mentions: str, title: str | None = None) -> dict[str, object]:
    positions = [{"title": title, "of": None}] if title else []
    return {"type": "Person", "name": name, "mentions": list(mentions), "positions": positions}


def names_in(text: str, *entities: dict[str, object]) -> list[tuple[str, str]]:
    article = GoldArticle("x", text, "2024-11-18", entities)
    return [(text[n.begin : n.end], n.type) for n in find_names(article, office_words([article]))]


@pytest.mark.parametrize(
    ("mentions", "text", "expected"),
    [
        (["US-Präsident Joe Biden", "Biden", "Bidens"], "US-Präsident Joe Biden. Bidens Rat.", ["Joe Biden", "Bidens"]),
        (["Präsident von Belarus Joe Biden"], "Der Präsident von Belarus Joe Biden kam.", ["Joe Biden"]),
        (["Präsident", "Joe Biden"], "Der Präsident Joe Biden kam. Der Präsident ging.", ["Joe Biden"]),
        (["al-Biden"], "Es kam al-Biden.", ["al-Biden"]),
    ],
)
def test_the_office_is_no_part_of_the_name(mentions: list[str], text: str, expected: list[str]) -> None:
    assert [name for name, _ in names_in(text, person("Joe Biden", *mentions, title="Präsident"))] == expected


def test_longest_name_wins_and_words_stay_whole() -> None:
    found = names_in(
        "Die Afrikanische Union in Afrika, nicht in Südafrika.",
        {"type": "Organization", "name": "Afrikanische Union", "mentions": ["Afrikanische Union"]},
        {"type": "Place", "name": "Afrika", "mentions": ["Afrika"]},
    )
    assert found == [("Afrikanische Union", "Organization"), ("Afrika", "Place")]


def test_a_capital_is_the_city_after_a_preposition_and_else_the_state() -> None:
    found = names_in(
        "In Moskau wartet man. Moskau zögert.",
        {"type": "Country", "name": "Russland", "mentions": ["Moskau"]},
        {"type": "Place", "name": "Moskau", "mentions": ["Moskau"]},
    )
    assert found == [("Moskau", "Place"), ("Moskau", "Country")]


def test_names_in_lines_like_page_noise_are_unknown_not_absent() -> None:
    text = "Kopf\nJoe Biden kam.\nLesen Sie auch: Berlin\nTeilen | Merken"
    doc = blank_pipeline().make_doc(text)
    tags = to_entity_tags(doc, [Name(5, 14, "Person")])
    assert " ".join(tags) == "O O B-Person L-Person O O O - - - - - - - - -"


def test_sentences_to_learn_names_from_keep_words_and_tags() -> None:
    article = GoldArticle("x", "Joe Biden kam. Er sprach in Kiew.", "2024-11-18", (person("Joe Biden", "Joe Biden"),))
    nlp = blank_pipeline()
    first, second = name_sentences(nlp, article, frozenset())
    assert (first.words, first.names) == (["Joe", "Biden", "kam", "."], ["B-Person", "L-Person", "O", "O"])
    assert set(second.names) == {"O"}
    example = first.to_example(nlp)
    assert [(ent.text, ent.label_) for ent in example.reference.ents] == [("Joe Biden", "Person")]
    assert example.predicted.text == "Joe Biden kam. "
