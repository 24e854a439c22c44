"""What a start leaves out: libraries that only training, the site or rarer commands need."""

import subprocess
import sys
from pathlib import Path

_EXAMPLE = Path(__file__).parent.parent / "examples" / "belarus-telefonate.txt"
_FOR_TRAINING = {"lightgbm", "pandas", "scipy", "sklearn", "torch"}
_LEFT_OUT = {"dask", "flask", "httptools", "lxml", "pyshacl", "rdflib", "typer", "weasel"} | _FOR_TRAINING
_LOADED = "import sys; from kg.cli.main import main; main(standalone_mode=False); print(*sorted(sys.modules))"


def _libraries_of(*arguments: object) -> set[str]:
    """Return the libraries that a command loads in a process of its own."""
    command = [sys.executable, "-c", _LOADED, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}


def test_help_loads_neither_the_language_nor_the_store() -> None:
    assert not _libraries_of("--help") & {"spacy", "numpy", "pyoxigraph", "requests", *_LEFT_OUT}


def test_a_build_loads_what_it_takes_to_read_and_to_store(tmp_path: Path) -> None:
    loaded = _libraries_of("build", _EXAMPLE, "--store", tmp_path / "store", "--jobs", "1")
    assert {"spacy", "pyoxigraph"} <= loaded
    assert not loaded & _LEFT_OUT
    unchanged = _libraries_of("build", _EXAMPLE, "--store", tmp_path / "store", "--jobs", "1")
    assert not unchanged & {"spacy", "numpy", *_LEFT_OUT}, "an article that has not changed takes no model"


def test_whoever_reads_does_so_on_one_core_whatever_is_loaded_before() -> None:
    code = (
        "import numpy; from threadpoolctl import threadpool_info; from kg.tasks import load_reader; load_reader('')\n"
        "print({library['num_threads'] for library in threadpool_info() if library['user_api'] == 'blas'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "{1}\n"


def test_the_end_waits_for_what_is_to_be_closed_and_takes_nothing_apart() -> None:
    code = (
        "import atexit; from kg.cli.main import main\n"
        "class Model:\n    def __del__(self): print('taken apart')\n"
        "model = Model()\n"
        "main.invoke_without_command, main.no_args_is_help = True, False\n"
        "main.callback = lambda: atexit.register(print, 'closed')\n"
        "main([] if {status} == 0 else ['--nothing'])"
    )
    for status, said in ((0, "closed\n"), (2, "")):
        command = [sys.executable, "-c", code.replace("{status}", str(status))]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stdout) == (status, said)
