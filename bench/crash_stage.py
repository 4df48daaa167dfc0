"""Where crash runs take place: a database of its own, and the process that plays runs on it (`crash_run.py`).

Also which runs there are. Rates are a second of real time, chosen so that workers which die that often can follow.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from databases import fresh_database

HERE = Path(__file__).parent
FACTOR = 60.0
BEGIN_SECONDS = 180.0  # imports and migrations
MOST_SECONDS = 120.0  # what a run may take beyond its publishes
Told = dict[str, Any]


class Stage:
    """The process that plays runs; what it knows of points and faults."""

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        self._process = process
        self._log = log
        known = self._read(BEGIN_SECONDS)
        self.points: Sequence[str] = known["points"]
        self.meeting: str = known["meeting"]
        self.faults: Mapping[str, Told] = known["faults"]

    def play(self, run: Told) -> Told:
        """One run, played again once if the machine was too busy for it to prove anything."""
        told = self._play(run)
        return self._play(run) if told["is_void"] else told

    def _play(self, run: Told) -> Told:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(run) + "\n")
        self._process.stdin.flush()
        return self._read(run["publishes"] / run["rate"] + MOST_SECONDS)

    def _read(self, seconds: float) -> Told:
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            line = self._process.stdout.readline() if selector.select(seconds) else ""
        if not line:
            said = self._log.read_text()[-3000:] if self._log.exists() else ""
            raise RuntimeError(f"The runs ended without an answer.\n{said}")
        told: Told = json.loads(line)
        return told


@contextmanager
def staged(engine: str, server: str | None) -> Iterator[Stage]:
    """A stage for that engine on a fresh database of that server, or on an SQLite file; gone after the block."""
    with (
        tempfile.TemporaryDirectory(prefix="portevoix-crash-") as name,
        fresh_database(Path(name), server) as url,
    ):
        environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portevoix.settings",
            "DATABASE_URL": url,
            "PORTEVOIX_ENGINE": engine,
            "PORTEVOIX_VAR": name,
            "PORTEVOIX_DEBUG": "no",
        }
        process = subprocess.Popen(
            [sys.executable, str(HERE / "crash_run.py"), name],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            yield Stage(process, Path(name) / "log.txt")
        finally:
            # Its workers and its network end with it.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)


# --- runs ----------------------------------------------------------------------------------------------------------
def random_run(seed: int, publishes: int, workers: int) -> Told:
    """Workers killed at random, each once a second: every minute of their clock."""
    return _run("killed at random", seed, publishes, rate=16.0, workers=workers, kills=1.0 * workers)


def deaths_run(seed: int, points: Sequence[str], times: int) -> Told:
    """A worker killed at each point, so many times; few threads, so that a death takes few others with it."""
    return _run(
        f"killed at {len(points)} points",
        seed,
        len(points) * times,
        rate=2.0,
        workers=3,
        threads=4,
        points=points,
    )


def sleeps_run(seed: int, points: Sequence[str], times: int) -> Told:
    """A worker put to sleep at each point, for longer than its lease."""
    return _run(
        f"asleep at {len(points)} points",
        seed,
        len(points) * times,
        rate=0.9,
        workers=8,
        threads=4,
        points=points,
        sleeps_at_points=True,
    )


def meetings_run(seed: int, point: str, times: int) -> Told:
    """A worker wakes and goes on in the very moment in which another claims what it holds."""
    return _run(
        "awake as another claims",
        seed,
        times,
        rate=0.8,
        workers=6,
        threads=4,
        points=[point],
        sleeps_at_points=True,
        asleep=[1.3],
    )


def fault_run(seed: int, fault: str, facts: Told) -> Told:
    """A run that must find that fault."""
    run = _run(fault, seed, 40, rate=16.0, workers=2, kills=1.0, fault=fault, first=facts["first"])
    if facts["points"]:
        run |= {
            "points": facts["points"],
            "publishes": 16,
            "rate": 4.0,
            "workers": 3,
            "threads": 4,
            "kills": 0.0,
        }
    if facts["asleep"]:
        run |= {
            "sleeps_at_points": True,
            "asleep": facts["asleep"],
            "publishes": 8,
            "rate": 1.0,
            "workers": 6,
        }
    return run


def _run(name: str, seed: int, publishes: int, **facts: Any) -> Told:
    return {"name": name, "seed": seed, "publishes": publishes, "factor": FACTOR, **facts}
