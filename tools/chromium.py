"""Finds the browser of the journeys: Chromium, or installs Debian's where that is possible.

python tools/chromium.py     prints its path, or says on standard error what to install
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def path() -> str | None:
    """The browser's path; None when there is none and none can be installed."""
    if found := next((place for name in NAMES if (place := shutil.which(name))), None):
        return found
    if os.geteuid() == 0 and Path("/etc/debian_version").exists():
        return _installed()
    print("The journeys need Chromium: install it, then run this again.", file=sys.stderr)
    return None


def _installed() -> str | None:
    print("Installing Chromium for the journeys…", file=sys.stderr)
    script = "apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium"
    subprocess.run(["bash", "-c", script], stdout=sys.stderr, check=False)
    return shutil.which("chromium")


if __name__ == "__main__":
    found = path()
    print(found or "")
    sys.exit(0 if found else 1)
