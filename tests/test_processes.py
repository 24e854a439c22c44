"""Processes beside this one."""

import subprocess
import sys
from pathlib import Path

from kg.processes import start_pool


class _Model:
    """Leaves a mark where it is taken apart."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark
        self._write = Path.touch

    def __del__(self) -> None:
        self._write(self._mark)


_loaded = list[_Model]()


def _load(mark: Path) -> None:
    _loaded.append(_Model(mark))


def test_a_script_is_not_run_again_by_the_processes_that_it_starts(tmp_path: Path) -> None:
    script = tmp_path / "fill.py"
    script.write_text(
        "from kg.processes import start_pool\n"
        "print('runs')\n"
        "with start_pool(2) as pool:\n"
        "    print(pool.submit(divmod, 7, 2).result())\n"
    )
    command = [sys.executable, str(script)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=60, cwd=Path(__file__).parents[1]
    )
    assert done.stdout == "runs\n(3, 1)\n"


def test_a_process_of_a_pool_does_not_take_apart_what_it_has_loaded(tmp_path: Path) -> None:
    with start_pool(1) as pool:
        pool.submit(_load, tmp_path / "taken apart").result()
    assert not list(tmp_path.iterdir())
