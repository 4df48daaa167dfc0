"""Signs of life: a worker process shows that it is alive, so that a page can say when none is."""

import os
import socket
from datetime import datetime, timedelta

from portevoix.core import clock
from portevoix.core.models import WorkerSign

SILENT_AFTER = timedelta(seconds=45)
FORGOTTEN_AFTER = timedelta(days=1)


def process_name() -> str:
    """This process on this machine."""
    return f"{socket.gethostname()}:{os.getpid()}"[:80]


class Sign:
    """The sign of this process; `show` again and again."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.started_at = clock.now()

    def show(self) -> None:
        """Says that this process is alive now, and forgets those long silent."""
        now = clock.now()
        WorkerSign.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
        WorkerSign.objects.update_or_create(
            name=process_name(),
            defaults={"engine": self.engine, "started_at": self.started_at, "seen_at": now},
        )


def take_away() -> None:
    """This process ends as it should."""
    WorkerSign.objects.filter(name=process_name()).delete()


def alive(now: datetime) -> list[WorkerSign]:
    """The worker processes that are alive, the oldest first."""
    return list(WorkerSign.objects.filter(seen_at__gt=now - SILENT_AFTER).order_by("started_at", "pk"))
