# ruff: noqa: E402  Django is set up before its models are imported
"""One process that has everything imported, forks workers, kills them, and has what they left behind judged.

`crash.py` starts one for each database and engine, because settings are read once, and writes the runs to it, one JSON
object a line; it answers each with a line.

python bench/crash_run.py FOLDER
"""

import gc
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portevoix.settings")
django.setup()

from crash_check import Planned, judge, read_journal, read_rows
from crash_clock import FastClock
from crash_faults import FAULTS
from crash_network import Ways, play
from crash_points import LOOKING, MEETING, POINTS, Minefield, fuse_for, needs_looking
from crash_worker import SEND_SECONDS, TERMS, Life, accelerate, live
from databases import Rows
from django.conf import settings
from django.core.management import call_command
from planned_posts import make_posts
from processes import fork, told_by_child

from portevoix.core.models import Turn
from portevoix.links.models import Link
from portevoix.sharing.actions.publishing import LEASE
from portevoix.sharing.models import ConnectedAccount, Hold, Post, Share

if settings.ENGINE == "procrastinate":
    from portevoix.core.engines import procrastinating  # noqa: F401  imported once, before anything is forked

FIRST_DUE_SECONDS = 1.0  # of real time: workers are up by then
AFTERWARDS_SECONDS = 1.2  # of real time: what the network does late is done by then
LAST_MINUTES = 16.0  # of the fast clock: then the run is over, whatever is not


@dataclass(frozen=True)
class Run:
    """One run: how many publishes at how many a second, with what going wrong. Seconds are real ones."""

    name: str
    seed: int
    publishes: int
    factor: float
    rate: float
    workers: int = 2
    threads: int = 8
    kills: float = 0.0  # a second, of all workers together
    asleep: Sequence[float] = (
        1.3,
        2.2,
    )  # for how many leases, in turn: until it is noted, until it was looked for
    points: Sequence[str] = ()
    sleeps_at_points: bool = False
    fault: str = ""
    first: str = ""


@dataclass
class Herd:
    """The workers of a run: kept as many, killed and put to sleep as the run says, woken after more than a lease."""

    life: Life
    log: Path
    size: int
    sleep_seconds: Sequence[float]
    alive: set[int] = field(default_factory=set)
    asleep: dict[int, float] = field(default_factory=dict)
    killed: int = 0
    slept: int = 0
    ended: int = 0

    def tend(self) -> None:
        """Starts as many as are missing, notes who fell asleep, wakes who slept long enough."""
        self._look_around()
        now = time.monotonic()
        for pid in [pid for pid, until in self.asleep.items() if until <= now]:
            del self.asleep[pid]
            os.kill(pid, signal.SIGCONT)
        while len(self.alive) < self.size:
            self.alive.add(fork(lambda: live(self.life), self.log))

    def _look_around(self) -> None:
        while self.alive:
            pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
            if not pid:
                return
            if os.WIFSTOPPED(status):
                self.asleep[pid] = time.monotonic() + self.sleep_seconds[self.slept % len(self.sleep_seconds)]
                self.slept += 1
            elif pid in self.alive:
                self.alive.discard(pid)
                self.asleep.pop(pid, None)
                self.killed += os.WIFSIGNALED(status)
                self.ended += not os.WIFSIGNALED(status)

    def kill_one(self, draw: random.Random) -> None:
        """Any of them that is awake."""
        if awake := sorted(self.alive - self.asleep.keys()):
            os.kill(draw.choice(awake), signal.SIGKILL)

    def end(self) -> None:
        """Ends all of them."""
        for pid in self.alive:
            os.kill(pid, signal.SIGKILL)
        for pid in self.alive:
            os.waitpid(pid, 0)
        self.alive.clear()


class Stage:
    """Where runs take place: a folder and a migrated database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = os.environ["DATABASE_URL"]
        self.log = folder / "log.txt"
        told_by_child(lambda: call_command("migrate", verbosity=0, interactive=False), self.log, seconds=120)
        gc.collect()
        gc.freeze()  # what is there already is not copied when a worker's collector walks over it

    def play(self, run: Run) -> dict[str, Any]:
        """One run, from its rows to its verdict."""
        marks, journal = self.folder / "marks", self.folder / "journal.jsonl"
        shutil.rmtree(marks, ignore_errors=True)
        marks.mkdir()
        journal.unlink(missing_ok=True)
        fast = FastClock.started(run.factor)
        planned = self._make(run, fast)
        field = Minefield(
            _fuses(run, planned), marks, signal.SIGSTOP if run.sleeps_at_points else signal.SIGKILL
        )
        network = play(_ways(run, fast, planned), journal)
        sleep_seconds = [LEASE.total_seconds() / run.factor * leases for leases in run.asleep]
        herd = Herd(
            Life(fast, network.port, field, run.threads, run.fault), self.log, run.workers, sleep_seconds
        )
        try:
            self._run(run, herd, planned, fast)
        finally:
            herd.end()
            network.end()
        return self._told(run, herd, planned, fast, journal, field)

    def _make(self, run: Run, fast: FastClock) -> list[Planned]:
        """The rows, their moments spread so that workers can follow; asked for as the product does."""
        start = time.monotonic() + FIRST_DUE_SECONDS + run.publishes * 0.004
        moments = [
            datetime.fromtimestamp(fast.shown_at(start + place / run.rate), UTC)
            for place in range(run.publishes)
        ]

        def make() -> list[Any]:
            accelerate(fast)
            _clear()
            people = max(1, run.publishes // 3)
            made = make_posts(
                moments,
                people,
                now=fast.now(),
                ask=settings.ENGINE == "procrastinate",
                draw=random.Random(run.seed),
            )
            return [[one.pk, one.code, one.due] for one in made]

        return [Planned(*facts) for facts in told_by_child(make, self.log, seconds=120)]

    def _run(self, run: Run, herd: Herd, planned: Sequence[Planned], fast: FastClock) -> None:
        draw = random.Random(f"{run.seed} strikes")
        next_kill = _next(run.kills, draw)
        last = fast.monotonic_at(max(one.due for one in planned) + LAST_MINUTES * 60)
        next_look = 0.0
        while (now := time.monotonic()) < last:
            herd.tend()
            if now >= next_kill:
                herd.kill_one(draw)
                next_kill = _next(run.kills, draw)
            if now >= next_look:
                if self._is_over():
                    break
                next_look = time.monotonic() + 0.3
            time.sleep(0.005)
        # A sleeper may still do harm, and the network something late.
        until = time.monotonic() + AFTERWARDS_SECONDS + (max(herd.sleep_seconds) if herd.asleep else 0)
        while time.monotonic() < until:
            herd.tend()
            time.sleep(0.02)

    def _is_over(self) -> bool:
        waiting = (
            "select count(*) from sharing_post where state not in"
            " ('published', 'refused', 'withdrawn', 'needs_person')"
        )
        return not Rows(self.url).fetch(waiting)[0][0]

    def _told(
        self,
        run: Run,
        herd: Herd,
        planned: Sequence[Planned],
        fast: FastClock,
        path: Path,
        field: Minefield,
    ) -> dict[str, Any]:
        journal = read_journal(path, fast)
        verdict = judge(planned, read_rows(self.url), journal)
        allowed = TERMS.grace_seconds / run.factor - SEND_SECONDS
        return {
            "run": asdict(run),
            "killed": herd.killed,
            "slept": herd.slept,
            "ended": herd.ended,
            "reached": field.reached(),
            "ways": dict(journal.ways),
            "network_late_seconds": round(journal.latest_seconds + journal.lag_seconds, 3),
            # A network later than any real one may be proves nothing: the machine was too busy.
            "is_void": journal.latest_seconds + journal.lag_seconds >= allowed,
            **verdict.figures(),
        }


def _next(rate: float, draw: random.Random) -> float:
    return time.monotonic() + draw.expovariate(rate) if rate else float("inf")


def _clear() -> None:
    """Nothing of an earlier run is due any more."""
    for model in (Post, Share, Link, ConnectedAccount):
        model.unscoped.all()._raw_delete("default")
    Hold.objects.all().delete()
    Turn.objects.all().delete()
    if settings.ENGINE == "procrastinate":
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("truncate procrastinate_jobs, procrastinate_events, procrastinate_workers cascade")


def _fuses(run: Run, planned: Sequence[Planned]) -> dict[int, tuple[str, ...]]:
    if not run.points:
        return {}
    points = [run.points[place % len(run.points)] for place in range(len(planned))]
    return {one.pk: fuse_for(point) for one, point in zip(planned, points, strict=True)}


def _ways(run: Run, fast: FastClock, planned: Sequence[Planned]) -> Ways:
    """The network of that run; whoever is to die while looking has its first answer lost, done or not done."""
    first = {one.code: run.first for one in planned if run.first}
    for place, one in enumerate(planned if run.points else ()):
        turn, number = divmod(place, len(run.points))
        if run.points[number] == MEETING:
            first[one.code] = "hang"  # so that the request is under way for a while
        elif needs_looking(run.points[number]):
            first[one.code] = ("before", "after", "hang")[turn % 3]
        elif run.points[number] not in LOOKING and not run.first:
            first[one.code] = ("fine", "fine", "before", "after", "hang")[turn % 5]
    return Ways(seed=run.seed, clock=asdict(fast), first=first)


def _faults() -> dict[str, Any]:
    return {
        name: {
            "says": one.says,
            "found_as": list(one.found_as),
            "points": list(one.points),
            "asleep": list(one.asleep),
            "first": one.first,
        }
        for name, one in FAULTS.items()
    }


def main() -> None:
    stage = Stage(Path(sys.argv[1]))
    print(json.dumps({"points": POINTS, "meeting": MEETING, "faults": _faults()}), flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        print(json.dumps(stage.play(Run(**told))), flush=True)


if __name__ == "__main__":
    main()
