"""Others that answer short links, in an environment of their own under var/bench, so that `bench/redirect.py` measures
them beside the front: the package django-link-shortener, and a Django view as one writes it oneself."""

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PINNED = HERE / "redirect_peer.txt"
PLACE = HERE.parent / "var" / "bench" / "redirect-peers"
WORKERS, THREADS = 2, 4


def make_peers(folder: Path, codes: list[str]) -> None:
    """Installs what is pinned, unless it is there already, and makes the peers' database with those links."""
    done = PLACE / "installed.txt"
    if not done.exists() or done.read_text() != PINNED.read_text():
        shutil.rmtree(PLACE, ignore_errors=True)
        venv.create(PLACE, with_pip=True)
        subprocess.run([PLACE / "bin" / "pip", "install", "--quiet", "--requirement", PINNED], check=True)
        done.write_text(PINNED.read_text())
    listed = folder / "codes.json"
    listed.write_text(json.dumps(codes))
    subprocess.run([PLACE / "bin" / "python", HERE / "redirect_django.py", folder, listed], check=True)


def peer(view: str, folder: Path, port: int) -> list[str]:
    """The command that serves one of the views of `redirect_django.py`."""
    return [
        "env", f"BENCH_VIEW={view}", f"BENCH_FOLDER={folder}", str(PLACE / "bin" / "gunicorn"),
        "--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "75",
        "--log-level", "error", "--bind", f"127.0.0.1:{port}", "redirect_django",
    ]  # fmt: skip


def versions() -> str:
    """What was installed, in one line."""
    lines = (line for line in PINNED.read_text().splitlines() if not line.startswith("#"))
    return ", ".join(line.replace("==", " ") for line in lines)


if __name__ == "__main__":
    sys.exit(__doc__)
