"""The server is killed under load; what it answered, it has written."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench" / "kill_redirect.py"


@pytest.mark.slow
def test_killing_the_server_loses_no_answered_click() -> None:
    run = subprocess.run(
        [sys.executable, str(BENCH), "--rounds", "1"], capture_output=True, text=True, timeout=60, check=False
    )

    assert (run.returncode, '"lost": 0' in run.stdout) == (0, True), run.stdout + run.stderr
