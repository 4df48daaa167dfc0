"""What becomes of links and clicks when the disk is full, and when the folder of clicks cannot be written.

The kernel makes the trouble: a file system of 256 KiB in memory for the folder of clicks, filled by the clicks themselves
or mounted read-only. Then the trouble ends. Every question must be answered by a redirect; every answer must be a click
on disk or a loss that `/metrics` counts and, afterwards, the segments own up to; `/health` must say so meanwhile; and no
files of clicks that could not be written are left behind. Prints one table and one line of JSON; exits 1 when one of it
is not so, 2 when mounting is not allowed.

    python bench/full_disk.py [--clicks 6000] [--write]
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from machine import keep, machine
from pages import write_part
from redirect_target import free_port, make_links, serving

from portevoix.links.segments import clicks_folder, each_click, list_segments, read_segment

SMALL_BYTES = 256 * 1024
AFTER = 100  # clicks once the disk is back


@dataclass
class Result:
    """One trouble. `counted` is what /metrics says was lost, `owned_up` what the segments say afterwards."""

    trouble: str
    asked: int
    redirected: int
    written: int
    counted: int
    owned_up: int
    files: int
    health: str
    health_after: str

    @property
    def is_right(self) -> bool:
        is_told = self.counted > 0 and "clicks cannot be written" in self.health and self.health_after == "ok"
        return (
            is_told
            and self.files <= 3
            and self.redirected == self.asked == self.written + self.counted
            and self.owned_up == self.counted
        )


def main() -> int:
    options = _options()
    if not _can_mount():
        print("Missing: the right to mount a file system. Run it as root, on Linux.", file=sys.stderr)
        return 2
    results = [_measure(trouble, options.clicks) for trouble in (Full, ReadOnly)]
    text = "\n".join([*_table(results), "", f"{machine()}."])
    print(text)
    figures = {"results": [asdict(one) for one in results], "is_right": all(one.is_right for one in results)}
    print(json.dumps({"bench": "full_disk", **figures}))
    keep("full_disk", figures)
    if options.write:
        write_part("performance.md", "disk", text)
    return 0 if figures["is_right"] else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--clicks", type=int, default=6000)
    parser.add_argument("--write", action="store_true", help="writes into docs/run/performance.md")
    return parser.parse_args()


class Trouble:
    """A folder of clicks on a small file system of its own, in trouble until `end`."""

    name = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        _mount("-t", "tmpfs", "-o", f"size={SMALL_BYTES}", "none", str(folder))

    def end(self) -> None:
        """There is room, and the right to write."""
        _mount("-o", f"remount,rw,size={64 * SMALL_BYTES}", str(self.folder))

    def undo(self) -> None:
        """Nothing of it is left."""
        subprocess.run(["umount", str(self.folder)], check=True)


class Full(Trouble):
    name = "disk full"


class ReadOnly(Trouble):
    name = "folder read-only"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        _mount("-o", "remount,ro", str(folder))


def _measure(make: type[Trouble], count: int) -> Result:
    with tempfile.TemporaryDirectory(prefix="portevoix-disk-") as name:
        folder, port, metrics = Path(name), free_port(), free_port()
        codes = make_links(folder, 200)
        trouble = make(clicks_folder(folder))
        os.environ["PORTEVOIX_METRICS_PORT"] = str(metrics)
        try:
            with serving("front, process", folder, port):
                redirected = _ask(port, codes, count)
                health, counted = _told(metrics, "health"), _counted(metrics)
                trouble.end()
                redirected += _ask(port, codes, AFTER)
                health_after = _told(metrics, "health")
            segments = list_segments(clicks_folder(folder))
            written = sum(1 for path in segments for _click in each_click(path))
            owned_up = sum(_owned_up(path) for path in segments)
        finally:
            trouble.undo()
    return Result(
        trouble=trouble.name,
        asked=count + AFTER,
        redirected=redirected,
        written=written,
        counted=counted,
        owned_up=owned_up,
        files=len(segments),
        health=health.strip(),
        health_after=health_after.strip(),
    )


def _ask(port: int, codes: list[str], count: int) -> int:
    """How many of so many questions, one after the other, were answered by a redirect."""
    chance, redirected = random.Random(3), 0
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as connection:
        for _ in range(count):
            line = f"GET /r/{chance.choice(codes)} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Full/1\r\n\r\n"
            connection.sendall(line.encode())
            received = b""
            while b"\r\n\r\n" not in received:
                received += connection.recv(4096)
            redirected += received.startswith(b"HTTP/1.1 302")
    return redirected


def _told(port: int, page: str) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}", timeout=5) as answer:
            text: str = answer.read().decode()
    except urllib.error.HTTPError as refused:
        text = refused.read().decode()
    return text


def _counted(port: int) -> int:
    lines = _told(port, "metrics").splitlines()
    return next(
        int(line.split()[1]) for line in lines if line.startswith("portevoix_redirect_clicks_lost_total ")
    )


def _owned_up(path: Path) -> int:
    lost, position = 0, 0
    while (reading := read_segment(path, position)).end > position:
        lost, position = lost + reading.lost, reading.end
    return lost


def _can_mount() -> bool:
    with tempfile.TemporaryDirectory(prefix="portevoix-mount-") as name:
        done = subprocess.run(["mount", "-t", "tmpfs", "none", name], capture_output=True, check=False)
        if done.returncode == 0:
            subprocess.run(["umount", name], check=True)
        return done.returncode == 0


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def _table(results: list[Result]) -> list[str]:
    rows = (
        f"| {one.trouble} | {one.asked:,} | {one.redirected:,} | {one.written:,} | {one.counted:,} | {one.owned_up:,} "
        f"| {one.asked - one.written - one.counted} | {one.files} | {one.health}; then {one.health_after} |"
        for one in results
    )
    return [
        "| trouble | asked | redirected | written | lost, by `/metrics` | lost, by the segments afterwards "
        "| neither written nor counted | files | `/health` |",
        "|---|---|---|---|---|---|---|---|---|",
        *rows,
    ]


if __name__ == "__main__":
    sys.exit(main())
