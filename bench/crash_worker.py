"""A worker of the product in a clock that runs faster, for `crash.py`: the real engine, the real rows, the real steps.

What is not the product's own here: the clock; the terms under which Agora is asked (a time-out of a fraction of a second,
which the network's lateness and the grace are then measured against, see `crash.py`); how often the engines look, which
is real time and would be minutes of the fast clock; the points at which it dies; and, in the runs that must be found
out, one planted fault.
"""

import os
import signal
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crash_clock import FastClock
from crash_faults import FAULTS
from crash_network import HOST
from crash_points import Minefield, WatchedPublisher, lay, watched_posts
from django.conf import settings

from portevoix import serving
from portevoix.core import clock
from portevoix.core.engines import embedded
from portevoix.networks import registry
from portevoix.networks.direct import Direct, Terms
from portevoix.networks.dummy.sign_in import DummySignIn

SEND_SECONDS = 0.25  # of real time: 15 seconds of a clock that runs sixty times as fast
TERMS = Terms(send_seconds=SEND_SECONDS, measures=False)
LOOK_SECONDS = 0.05  # of real time
FORGOTTEN_SECONDS = 20  # of the fast clock


@dataclass(frozen=True)
class Life:
    """What a worker process is born with."""

    fast: FastClock
    port: int
    field: Minefield
    threads: int
    fault: str = ""


def live(life: Life) -> None:
    """Works until it is killed."""
    accelerate(life.fast)
    registry.DIRECT["dummy"] = Direct(DummySignIn(), WatchedPublisher(life.field, TERMS))
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, stand_ins={HOST: ("127.0.0.1", life.port)})
    if life.fault:
        FAULTS[life.fault].plant()
    lay(life.field)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    engine = serving._engine(settings.ENGINE)
    engine([watched_posts()], [], threads=life.threads, stop=stop).run()
    os._exit(0)  # as `serving.work` ends


def accelerate(fast: FastClock) -> None:
    """From here on this process lives in the fast clock; what counts real seconds looks more often instead."""
    clock.now = fast.now
    embedded.PAUSE_SECONDS = LOOK_SECONDS
    if settings.ENGINE == "procrastinate":
        _accelerate_procrastinate(fast)


def _accelerate_procrastinate(fast: FastClock) -> None:
    from datetime import timedelta

    from portevoix.core.engines import procrastinating

    procrastinating.POLL_SECONDS = LOOK_SECONDS
    procrastinating.LOOK_EVERY = procrastinating.LATE_AFTER = timedelta(seconds=FORGOTTEN_SECONDS)
    procrastinating.app_of_django = _Announcer(procrastinating.app_of_django, fast)


class _Announcer:
    """Procrastinate's app for a database whose clock is the wall's: moments are translated, all else is passed on."""

    def __init__(self, app: Any, fast: FastClock) -> None:
        self._app = app
        self._fast = fast

    def configure_task(self, name: str, *, schedule_at: datetime, **named: Any) -> Any:
        """A job for that moment of the fast clock."""
        return self._app.configure_task(name, schedule_at=self._fast.wall_at(schedule_at), **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)
