"""The processes that read for a build."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import family_of, is_running, wait_until_gone

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills processes with their parent")


def test_no_reading_process_outlives_a_killed_build(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.settimeout(120)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        command = [sys.executable, "-m", "kg.cli", "build", url, "--jobs", "2", "--store", str(tmp_path / "store")]
        environment = os.environ | {"LAGEBILD_FETCH_PRIVATE": "1", "LAGEBILD_FETCH_TIMEOUT": "60"}
        build = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)
        family = [build.pid]
        try:
            connection, _ = silent.accept()  # a process has begun to read
            family = family_of(build.pid)
            assert len(family) >= 3  # the build and two that read
            build.kill()
            build.wait(20)
            wait_until_gone(family)
            connection.close()
        finally:
            for pid in family:
                if is_running(pid):
                    os.kill(pid, signal.SIGKILL)
