"""Work is rows: everything that happens later has a row that says when, who took it and how often it was tried.

A worker claims a due row by one conditional update; the claim is a lease that runs out, so a killed worker's row is taken
up again. Each claim raises the row's fence number; a write that carries an older fence is refused, so a worker that slept
through its lease cannot undo its successor. What an expired lease means is the noun's to say.

An *engine* finds due rows and has them worked on: `engines.embedded` looks for them itself, `engines.procrastinating` is
told of each in the transaction that makes it due (`ask`). The rows and the functions are the same.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.module_loading import import_string

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
Lane = tuple[object, ...]


@dataclass(frozen=True)
class RowWork:
    """One kind of row and what is done with one that is due: `act(row, now)` works on a claimed row and settles it.

    `rows` narrows which due rows are taken, and brings along what `act` reads. `lease` outlasts the longest `act`, or is
    renewed while it runs (`renews`). `may_retry`: a person may ask for another try of one that failed. `lane`: the facts
    (as a filter names them, brought along by `rows`) that rows which wait for the same stranger have in common.
    """

    model: type[WorkRow]
    act: Callable[[Any, datetime], object]
    rows: "Callable[[], models.QuerySet[Any]] | None" = None
    lease: timedelta = LEASE
    renews: bool = True
    may_retry: bool = True
    lane: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.model._meta.label_lower

    def due_rows(self) -> "models.QuerySet[Any]":
        """The rows that may be claimed once their moment has come."""
        return self.rows() if self.rows else self.model._base_manager.all()

    def lane_of(self, row: WorkRow) -> Lane:
        """The lane that the row is in; all rows are in one where the work names none."""
        return tuple(attrgetter(name.replace("__", "."))(row) for name in self.lane)

    def rows_beside(self, lanes: Iterable[Lane]) -> "models.QuerySet[Any]":
        """The rows that may be claimed and are in none of those lanes."""
        rows = self.due_rows()
        for lane in lanes:
            rows = rows.exclude(**dict(zip(self.lane, lane, strict=True)))
        return rows


@dataclass(frozen=True)
class Sweep:
    """A recurring look that finds its work by itself: `run(now)` does what is due and says how much it did.

    `everywhere`: each machine looks for itself, at what only it has.
    """

    key: str
    run: Callable[[datetime], int]
    every: timedelta
    everywhere: bool = False

    @property
    def turn_key(self) -> str:
        """What its turns are known by: on this machine, if each looks for itself."""
        return f"{self.key}@{socket.gethostname()}"[:60] if self.everywhere else self.key


def row_works() -> Sequence[RowWork]:
    """Every kind of row of this installation, as its schedule lists them."""
    works: Sequence[RowWork] = import_string(f"{settings.SCHEDULE}.ROWS")
    return works


def sweeps() -> Sequence[Sweep]:
    """Every recurring look of this installation, as its schedule lists them."""
    found: Sequence[Sweep] = import_string(f"{settings.SCHEDULE}.SWEEPS")
    return found


def process_name() -> str:
    """Machine and process: who claims what a process keeps for itself."""
    return f"{socket.gethostname()}:{os.getpid()}"[:80]


def worker_name() -> str:
    """Who claims: machine, process and thread."""
    return f"{process_name()}:{threading.get_ident()}"[:80]


# --- asking --------------------------------------------------------------------------------------------------------
def ask(row: WorkRow) -> None:
    """Tells the engine that the row is due at `row.due_at`; within the transaction that wrote it, or its next one.

    An engine that was not told finds the row all the same, a little later.
    """
    if row.due_at is not None and settings.ENGINE == "procrastinate":
        from portevoix.core.engines import procrastinating

        procrastinating.defer(row._meta.label_lower, row.pk, row.due_at)


# --- claiming ------------------------------------------------------------------------------------------------------
def claim(rows: "models.QuerySet[Row]", *, now: datetime, lease: timedelta = LEASE) -> Row | None:
    """One due row of `rows`, now ours until the lease runs out; None when nothing is due."""
    return next(claim_some(rows, now=now, lease=lease, limit=1), None)


def claim_some(
    rows: "models.QuerySet[Row]",
    *,
    now: datetime,
    lease: timedelta = LEASE,
    limit: int,
    has_room: Callable[[Row], bool] = lambda _row: True,
) -> Iterator[Row]:
    """At most `limit` due rows of `rows`, the longest due first, each ours from its turn until the lease runs out.

    `has_room` says whether there is room for a row that comes next, beside those that came before. A row whose holder let
    its lease run out is read again once it is ours: until then, its holder may have written on it.
    """
    count = 0
    # A few more than asked for: others may be claiming the same ones at this moment.
    for row in unclaimed(rows, now=now, due_before=now)[: limit + 9]:
        was_held = row.claimed_until is not None
        if count < limit and has_room(row) and _take(row, now=now, lease=lease):
            count += 1
            if ours := _read_again(rows, row) if was_held else row:
                yield ours


def _read_again(rows: "models.QuerySet[Row]", row: Row) -> Row | None:
    """The row as it is now that we claimed it; None when it was claimed from us since."""
    return rows.filter(pk=row.pk, fence=row.fence).first()


def unclaimed(rows: "models.QuerySet[Row]", *, now: datetime, due_before: datetime) -> "models.QuerySet[Row]":
    """Those of `rows` that were due before that moment and that nobody holds, the longest due first."""
    return rows.filter(_free(now), due_at__lte=due_before).order_by("due_at", "pk")


def _free(now: datetime) -> Q:
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)


def _take(row: WorkRow, *, now: datetime, lease: timedelta) -> bool:
    """Claims the row as it was read: nobody claimed nor settled it since."""
    name, until = worker_name(), now + lease
    taken = _unscoped(row).filter(pk=row.pk, fence=row.fence, due_at=row.due_at)
    if not taken.update(fence=row.fence + 1, claimed_by=name, claimed_until=until, attempts=row.attempts + 1):
        return False
    row.fence, row.claimed_by, row.claimed_until, row.attempts = (
        row.fence + 1,
        name,
        until,
        row.attempts + 1,
    )
    return True


def settle(row: WorkRow, *, due_at: datetime | None, error: str = "", **changes: Any) -> None:
    """Ends our claim: writes `changes` and when the row is due next. Refuses (`StaleClaim`) if the claim was lost."""
    attempts = row.attempts if error else 0
    released = {"claimed_by": "", "claimed_until": None, "attempts": attempts, "last_error": error}
    write_claimed(row, due_at=due_at, **released, **changes)
    ask(row)


def write_claimed(row: WorkRow, **changes: Any) -> None:
    """Writes `changes` on a row we hold and go on holding; refuses (`StaleClaim`) if the claim was lost."""
    if not _unscoped(row).filter(pk=row.pk, fence=row.fence).update(**changes):
        raise StaleClaim(f"{row._meta.label} {row.pk} was claimed again.")
    for name, value in changes.items():
        setattr(row, name, value)


def renew(row: WorkRow, *, now: datetime, lease: timedelta) -> bool:
    """Holds the row longer; False when it is no longer ours."""
    ours = _unscoped(row).filter(pk=row.pk, fence=row.fence, claimed_until__isnull=False)
    return bool(ours.update(claimed_until=now + lease))


def release(row: WorkRow) -> None:
    """Gives back a claimed row that was not begun, as if it had not been claimed."""
    ours = _unscoped(row).filter(pk=row.pk, fence=row.fence)
    ours.update(claimed_by="", claimed_until=None, attempts=F("attempts") - 1)


def retry(*, row: WorkRow, now: datetime) -> bool:
    """Makes a row that failed due at once; False when it is being worked on, or did not fail."""
    failed = _unscoped(row).filter(_free(now), pk=row.pk).exclude(last_error="")
    if not failed.update(due_at=now):
        return False
    row.due_at = now
    ask(row)
    return True


def back_off(attempts: int, *, base: timedelta, ceiling: timedelta) -> timedelta:
    """How long to wait after that many failures: doubling from `base`, never above `ceiling`."""
    return min(ceiling, base * (1 << min(attempts, 16)))


def _unscoped(row: WorkRow) -> Any:
    return type(row)._base_manager.all()


# --- working -------------------------------------------------------------------------------------------------------
def work_on(work: RowWork, row: WorkRow, now: datetime) -> None:
    """Has one claimed row worked on; what it raises is our bug: it is logged, and the row is tried again later."""
    try:
        work.act(row, now)
    except StaleClaim as why:
        log.info("%s", why)
    except Exception as error:
        log.exception("%s %s failed", work.key, row.pk)
        _settle_failure(row, error)


def _settle_failure(row: WorkRow, error: Exception) -> None:
    """The row keeps the kind of the error; its words, which may hold anything, stay in the log."""
    wait = back_off(row.attempts, base=timedelta(seconds=30), ceiling=timedelta(hours=1))
    try:
        settle(row, due_at=clock.now() + wait, error=type(error).__name__)
    except Exception:  # the database itself, or another worker: the lease runs out, the row is found again
        log.exception("%s %s could not be settled", row._meta.label, row.pk)


def work_through(work: RowWork, now: datetime) -> int:
    """Works on everything of that kind that is due, one after the other; says how many. For tests, seeds, commands."""
    count = 0
    while row := claim(work.due_rows(), now=now, lease=work.lease):
        work_on(work, row, now)
        count += 1
    return count


# --- seeing --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Standing:
    """How one kind of work stands: rows that wait, that are being worked on, that failed, and since when one is late."""

    work: RowWork
    waiting: int
    running: int
    failed: int
    late_since: datetime | None


def standing(work: RowWork, rows: "models.QuerySet[Any]", now: datetime) -> Standing:
    """How the work stands among those rows."""
    free, running = rows.filter(_free(now), due_at__isnull=False), rows.filter(claimed_until__gt=now)
    late = free.filter(due_at__lte=now).order_by("due_at").values_list("due_at", flat=True).first()
    return Standing(
        work=work,
        waiting=free.count(),
        running=running.count(),
        failed=rows.exclude(last_error="").count(),
        late_since=late,
    )


def failed_rows(rows: "models.QuerySet[Any]", limit: int) -> Iterable[WorkRow]:
    """Those that failed and were not mended since, the latest first."""
    return rows.exclude(last_error="").order_by("-pk")[:limit]
