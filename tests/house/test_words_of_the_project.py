"""What the repository may not hold: machine paths, registries' hosts, built files, third-party copies."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
REGISTRIES = re.compile(r"registry\.npmjs|pypi\.org|pythonhosted\.org|deb\.debian\.org")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    here = Path(__file__)
    return [(file, file.read_text("utf-8", "replace")) for file in tracked() if file != here]


def test_no_registry_is_named() -> None:
    assert [str(file) for file, text in texts() if REGISTRIES.search(text)] == []


def test_nothing_built_is_kept() -> None:
    assert [str(f) for f in tracked() if f.suffix in (".mo", ".map") or ".min." in f.name] == []


def test_nothing_is_left_unfinished() -> None:
    unfinished = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|NotImplemented" + r"Error)\b")

    assert [
        str(f) for f, text in texts() if f.suffix in (".py", ".js", ".html") and unfinished.search(text)
    ] == []
