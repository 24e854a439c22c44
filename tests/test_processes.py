"""Processes beside this one."""

import subprocess
import sys
from pathlib import Path


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
