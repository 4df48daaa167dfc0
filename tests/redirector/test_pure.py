"""The redirector stands without Django."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module", ["portevoix.redirector.app", "portevoix.redirector.front", "portevoix.serving"]
)
def test_redirector_never_loads_django(module: str) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print('django' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout == "False\n"
