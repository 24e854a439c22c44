"""What a word is in its clause, through lists and attributes, and which names stand in one list."""

from kg.clauses import are_listed, clause_of, function_of, head_of, parent_clause, series_in
from kg.reading import Reading
from tests.readings import number_of, read

LIST = read(
    "Polen, Litauen und die Ukraine schicken Soldaten.",
    {"Polen": "country/PL", "Litauen": "country/LT", "Ukraine": "country/UA"},
    pos="PROPN PUNCT PROPN CCONJ DET PROPN VERB NOUN PUNCT",
    deps="nsubj>7 punct>3 conj>1 cc>6 det>6 conj>1 ROOT obj>7 punct>7",
)
ADVISER = read(
    "Der Berater von Putin sagt, dass Xi kommt.",
    {"Putin": "person/putin", "Xi": "person/xi"},
    pos="DET NOUN ADP PROPN VERB PUNCT SCONJ PROPN VERB PUNCT",
    deps="det>2 nsubj>5 case>4 nmod>2 ROOT punct>9 mark>9 nsubj>9 ccomp>5 punct>5",
)


def token(reading: Reading, key: str) -> int:
    (place,) = reading.places_of[number_of(reading, key)]
    return head_of(reading, place)


def test_each_of_a_list_is_the_subject() -> None:
    for key in ("country/PL", "country/LT", "country/UA"):
        function = function_of(LIST, token(LIST, key))
        assert (function.name, function.depth, LIST.lower[function.governor]) == ("nsubj", 0, "schicken")


def test_the_president_of_an_adviser_is_no_subject_himself() -> None:
    function = function_of(ADVISER, token(ADVISER, "person/putin"))
    assert (function.name, function.depth) == ("nsubj", 1)
    assert function_of(ADVISER, token(ADVISER, "person/xi")).depth == 0


def test_a_clause_and_the_one_around_it() -> None:
    inner = clause_of(ADVISER, token(ADVISER, "person/xi"))
    assert ADVISER.lower[inner] == "kommt"
    assert ADVISER.lower[parent_clause(ADVISER, inner)] == "sagt"
    assert parent_clause(ADVISER, parent_clause(ADVISER, inner)) == parent_clause(ADVISER, inner)


def test_without_a_parse_every_word_is_by_itself() -> None:
    plain = read("Polen schickt Soldaten.", {"Polen": "country/PL"})
    assert function_of(plain, 0).depth == 0
    assert clause_of(plain, 1) == 1


def test_names_in_a_list() -> None:
    assert [[place.mention.span.of(LIST.article.text) for place in names] for names in series_in(LIST, 0)] == [
        ["Polen", "Litauen", "Ukraine"]
    ]
    assert series_in(ADVISER, 0) == []


def test_those_who_are_named_in_one_breath_are_listed() -> None:
    poland, ukraine = (number_of(LIST, f"country/{code}") for code in ("PL", "UA"))
    assert are_listed(LIST, poland, ukraine)
    assert not are_listed(ADVISER, number_of(ADVISER, "person/putin"), number_of(ADVISER, "person/xi"))
