"""Recurring looks as rows: each sweep has a `Turn` that says when it looks next, and that one worker of all claims."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from portevoix.core import clock, work
from portevoix.core.models import Turn
from portevoix.core.work import RowWork, Sweep

log = logging.getLogger(__name__)
# A turn ends long before; when its worker was killed, another one looks half a minute later.
LEASE = timedelta(seconds=30)
GONE_AFTER = timedelta(days=1)  # a machine that has not looked for so long


def prepare(sweeps: Sequence[Sweep]) -> None:
    """Every sweep has its turn; the turns of sweeps, and of machines, that are no more go."""
    now = clock.now()
    elsewhere = Q(key__contains="@", due_at__gt=now - GONE_AFTER)
    Turn.objects.exclude(key__in=[one.turn_key for one in sweeps]).exclude(elsewhere).delete()
    known = set(Turn.objects.values_list("key", flat=True))
    fresh = [Turn(key=one.turn_key, due_at=now) for one in sweeps if one.turn_key not in known]
    Turn.objects.bulk_create(fresh, ignore_conflicts=True)  # another worker may be starting too


def work_of(sweeps: Sequence[Sweep]) -> RowWork:
    """The work that takes turns."""
    by_key = {one.turn_key: one for one in sweeps}
    return RowWork(
        model=Turn,
        act=lambda turn, now: take_turn(turn, by_key, now),
        rows=lambda: Turn.objects.filter(key__in=list(by_key)),
        lease=LEASE,
    )


def take_turn(turn: Turn, sweeps: dict[str, Sweep], now: datetime) -> None:
    """Looks once, and says when to look next; a failure is tried again at the next turn, its reason kept on the row."""
    sweep = sweeps[turn.key]
    try:
        done = sweep.run(now)
    except Exception as error:
        log.exception("%s failed", sweep.key)
        wait = max(sweep.every, timedelta(seconds=5))
        work.settle(turn, due_at=clock.now() + wait, error=f"{type(error).__name__}: {error}"[:500])
        return
    work.settle(turn, due_at=clock.now() + sweep.every, ran_at=now, done_count=min(done, 2**31 - 1))
