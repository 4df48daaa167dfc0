"""Work is rows: everything that happens later has a row that says when, who took it and how often it was tried.

A worker claims a due row by one conditional update; the claim is a lease that runs out, so a killed worker's row is taken
up again. Each claim raises the row's fence number; a write that carries an older fence is refused, so a worker that slept
through its lease cannot undo its successor. What an expired lease means is the noun's to say.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import close_old_connections, models
from django.db.models import Q

from portevoix.core import clock

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)


class StaleClaim(RuntimeError):
    """The row was claimed again meanwhile: what this worker did with it must not be written."""


class WorkRow(models.Model):
    """A row that asks to be worked on. `due_at` empty: nothing to do."""

    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    claimed_by = models.CharField(max_length=80, blank=True, default="")
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=WorkRow)


def worker_name() -> str:
    """Who claims: machine, process and thread."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"[:80]


def claim(rows: "models.QuerySet[Row]", *, now: datetime, lease: timedelta = LEASE) -> Row | None:
    """One due row of `rows`, now ours until the lease runs out; None when nothing is due."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    for row in rows.filter(free, due_at__lte=now).order_by("due_at", "pk")[:10]:
        if _take(row, now=now, lease=lease):
            row.refresh_from_db()
            return row
    return None


def _take(row: WorkRow, *, now: datetime, lease: timedelta) -> bool:
    taken = _unscoped(row).filter(pk=row.pk, fence=row.fence)
    return bool(
        taken.update(
            fence=row.fence + 1,
            claimed_by=worker_name(),
            claimed_until=now + lease,
            attempts=row.attempts + 1,
        )
    )


def settle(row: WorkRow, *, due_at: datetime | None, error: str = "", **changes: Any) -> None:
    """Ends our claim: writes `changes` and when the row is due next. Refuses (`StaleClaim`) if the claim was lost."""
    attempts = row.attempts if error else 0
    ours = _unscoped(row).filter(pk=row.pk, fence=row.fence)
    released = {"claimed_by": "", "claimed_until": None, "attempts": attempts, "last_error": error}
    if not ours.update(due_at=due_at, **released, **changes):
        raise StaleClaim(f"{row._meta.label} {row.pk} was claimed again.")


def back_off(attempts: int, *, base: timedelta, ceiling: timedelta) -> timedelta:
    """How long to wait after that many failures: doubling from `base`, never above `ceiling`."""
    return min(ceiling, base * (1 << min(attempts, 16)))


def _unscoped(row: WorkRow) -> Any:
    return type(row)._base_manager.all()


@dataclass(frozen=True)
class Work:
    """A recurring look at one kind of row: `run(now)` does what is due and says how much it did."""

    name: str
    run: Callable[[datetime], int]
    every: timedelta


def loop(works: Iterable[Work], stop: threading.Event, *, pause_seconds: float = 0.5) -> None:
    """The embedded engine: runs each work when its turn comes, until `stop` is set. One failing work stops no other."""
    next_turn = dict.fromkeys(works, 0.0)
    while not stop.is_set():
        for work, turn in next_turn.items():
            if time.monotonic() >= turn and not stop.is_set():
                run_once(work)
                next_turn[work] = time.monotonic() + work.every.total_seconds()
        stop.wait(pause_seconds)


def run_once(work: Work) -> int:
    """Runs one work now; a failure is logged, not raised, and counts as nothing done."""
    try:
        return work.run(clock.now())
    except Exception:
        log.exception("%s failed", work.name)
        return 0
    finally:
        close_old_connections()
