"""What a worker process holds: the rows it claimed, renewed while they are worked on, and its sign of life."""

import logging
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import close_old_connections

from portevoix.core import clock, work
from portevoix.core.engines import signs
from portevoix.core.work import Lane, RowWork, WorkRow

log = logging.getLogger(__name__)
RENEW_SECONDS = 10.0


@dataclass(frozen=True, eq=False)
class Held:
    """A row that this process claimed, and the work it is for.

    Each claim is held for itself: a row whose lease ran out may come again while an earlier thread still has it.
    """

    work: RowWork
    row: WorkRow

    @property
    def lane(self) -> Lane:
        return self.work.lane_of(self.row)

    def may_begin(self, now: datetime) -> bool:
        """Whether enough of its lease is left to begin: a lease that is not renewed is all the time there is."""
        until = self.row.claimed_until
        return self.work.renews or (until is not None and until - now > self.work.lease / 2)


class Holdings:
    """The rows held by this process. Several threads add to it and take from it."""

    def __init__(self) -> None:
        self._held: set[Held] = set()
        self._lock = threading.Lock()

    def add(self, one: RowWork, row: WorkRow) -> Held:
        """Notes a row that was just claimed."""
        held = Held(one, row)
        with self._lock:
            self._held.add(held)
        return held

    def drop(self, held: Held) -> None:
        """The row is held no more."""
        with self._lock:
            self._held.discard(held)

    @contextmanager
    def holding(self, one: RowWork, row: WorkRow) -> Iterator[None]:
        """Holds a claimed row for the block."""
        held = self.add(one, row)
        try:
            yield
        finally:
            self.drop(held)

    def all(self) -> list[Held]:
        """Whatever is held at this moment."""
        with self._lock:
            return list(self._held)

    def count(self, key: str = "") -> int:
        """How many rows of that kind are held; of all kinds without a key."""
        return sum(not key or held.work.key == key for held in self.all())

    def lanes(self, key: str) -> Counter[Lane]:
        """How many rows of that kind are held in each lane."""
        return Counter(held.lane for held in self.all() if held.work.key == key)


def keep_alive(engine: str, holdings: Iterable[Holdings], stop: threading.Event) -> None:
    """Every ten seconds until `stop`: shows that this process is alive, and holds longer what it works on."""
    sign = signs.Sign(engine)
    while True:
        try:
            sign.show()
            for held in [held for some in holdings for held in some.all()]:
                if held.work.renews:
                    work.renew(held.row, now=clock.now(), lease=held.work.lease)
        except Exception:  # the database is away: leases are long enough for another try
            log.exception("leases could not be renewed")
        finally:
            close_old_connections()
        if stop.wait(RENEW_SECONDS):
            return
