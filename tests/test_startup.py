"""How a process that reads starts."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kg.german.sorted_words import SortedWords
from kg.startup import begin, unpack_dictionary

_ASK = "from kg.startup import import_spacy; import_spacy(); import spacy; print(spacy.answer())"


def ask_spacy(folder: Path, package: str) -> str:
    """Import a package in the place of spaCy, in a process of its own; return what its function `answer` says."""
    (folder / "spacy" / "cli").mkdir(parents=True)
    (folder / "spacy" / "__init__.py").write_text(package, encoding="utf-8")
    (folder / "spacy" / "cli" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "spacy" / "cli" / "info.py").write_text("def info(): return 'info'\nmore = 'more'\n", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); {_ASK}"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout


def test_the_function_that_spacy_takes_from_its_commands_is_there(tmp_path: Path) -> None:
    answer = "def answer():\n    import sys\n    loaded = 'spacy.cli' in sys.modules\n    return loaded, info()\n"
    assert ask_spacy(tmp_path, f"from .cli.info import info\n{answer}") == "(False, 'info')\n"


def test_a_spacy_that_takes_more_from_its_commands_gets_it(tmp_path: Path) -> None:
    package = "from .cli.info import info, more\ndef answer(): return info(), more\n"
    assert ask_spacy(tmp_path, package) == "('info', 'more')\n"


def test_no_thread_is_left_when_the_dictionary_is_unpacked() -> None:
    assert unpack_dictionary()()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("beginning")]


def test_words_are_found_where_they_lie() -> None:
    words = ["A", "Aa", "Ab", "Berlin", "Bern", "Zürich", "Žilina"]
    for count in range(1, len(words) + 1):
        listed = SortedWords("\n".join(words[:count]).encode())
        assert [word for word in words if word in listed] == words[:count]
    for other in ("", "B", "Aaa", "Berli", "Berlin\nBern", "Zuerich", "Žilinas", "Z"):
        assert other not in listed
    assert "A" not in SortedWords(b"")


def test_spacy_looks_among_its_own_entry_points_and_pydantic_stays_whole() -> None:
    code = (
        "from kg.startup import import_spacy; import_spacy(); import catalogue, pydantic.v1, spacy\n"
        "points = catalogue.AVAILABLE_ENTRY_POINTS.select()\n"
        "assert spacy.registry.architectures.get('spacy-legacy.Tok2Vec.v1')\n"
        "print(*{point.group.partition('_')[0] for point in points} - {'spacy', 'thinc', 'srsly'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "\n"


def test_simplemma_comes_with_its_rules_for_german_alone() -> None:
    code = (
        "from kg.startup import import_simplemma; import_simplemma(); import sys, simplemma\n"
        "from simplemma.strategies import RulesStrategy\n"
        "print(RulesStrategy().get_lemma('Bereitungen', 'de'), simplemma.lemmatize('Kanzlerinnen', 'de'))\n"
        "print([name for name in sys.modules if name.startswith('simplemma.strategies.defaultrules.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "Bereitung Kanzlerin\n['simplemma.strategies.defaultrules.de']\n"


def test_a_simplemma_with_its_rules_elsewhere_is_imported_whole(tmp_path: Path) -> None:
    (tmp_path / "simplemma").mkdir()
    (tmp_path / "simplemma" / "__init__.py").write_text("from .rules import german", encoding="utf-8")
    (tmp_path / "simplemma" / "rules.py").write_text("german = 'rules'", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from kg.startup import import_simplemma\n"
    code += "import_simplemma(); assert 'simplemma' not in sys.modules; import simplemma; print(simplemma.german)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "rules\n"


def test_what_is_begun_is_waited_for_with_its_error() -> None:
    assert begin(lambda: 3)() == 3
    with pytest.raises(ZeroDivisionError):
        begin(lambda: 1 // 0)()
