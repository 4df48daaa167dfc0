"""What a worker process holds: the rows it claimed, renewed while they are worked on, and its sign of life."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import close_old_connections

from portevoix.core import clock, work
from portevoix.core.engines import signs
from portevoix.core.work import RowWork, WorkRow

log = logging.getLogger(__name__)
RENEW_SECONDS = 10.0


@dataclass(frozen=True)
class Held:
    """A row that this process claimed, and the work it is for."""

    work: RowWork
    row: WorkRow


class Holdings:
    """The rows held by this process. Several threads add to it and take from it."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, int], Held] = {}
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, one: RowWork, row: WorkRow) -> Held:
        """Notes a row that was just claimed."""
        held = Held(one, row)
        with self._lock:
            self._held[one.key, row.pk] = held
            self._counts[one.key] += 1
        return held

    def drop(self, held: Held) -> None:
        """The row is held no more."""
        with self._lock:
            if self._held.pop((held.work.key, held.row.pk), None):
                self._counts[held.work.key] -= 1

    @contextmanager
    def holding(self, one: RowWork, row: WorkRow) -> Iterator[None]:
        """Holds a claimed row for the block."""
        held = self.add(one, row)
        try:
            yield
        finally:
            self.drop(held)

    def count(self, key: str = "") -> int:
        """How many rows of that kind are held; of all kinds without a key."""
        with self._lock:
            return self._counts[key] if key else len(self._held)

    def renewable(self) -> list[Held]:
        with self._lock:
            return [held for held in self._held.values() if held.work.renews]

    def keep_alive(self, engine: str, stop: threading.Event) -> None:
        """Every ten seconds until `stop`: shows that this process is alive, and holds longer what it works on."""
        sign = signs.Sign(engine)
        while True:
            try:
                sign.show()
                for held in self.renewable():
                    work.renew(held.row, now=clock.now(), lease=held.work.lease)
            except Exception:  # the database is away: leases are long enough for another try
                log.exception("leases could not be renewed")
            finally:
                close_old_connections()
            if stop.wait(RENEW_SECONDS):
                return
