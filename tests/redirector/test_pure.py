"""The redirector stands without Django."""

import subprocess
import sys


def test_redirector_never_loads_django() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, portevoix.redirector.app; print('django' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout == "False\n"
