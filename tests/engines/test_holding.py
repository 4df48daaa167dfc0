"""What a worker claims and holds: threads are left to others, a claim is held for itself, old leases are given back."""

import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from cast import Cast
from engines.installation import installed
from portevoix.core import clock, work
from portevoix.core.engines.embedded import Engine
from portevoix.core.engines.holding import Holdings
from portevoix.core.work import RowWork
from portevoix.people.models import Invitation, Organisation

pytestmark = pytest.mark.django_db(transaction=True)  # engines close connections

KIND = "people.invitation"


def make_rows(organisation: Organisation, count: int, *, minutes: int = 1) -> list[Invitation]:
    """Rows that have been due for that many minutes."""
    now = clock.now()
    return [
        Invitation.unscoped.create(
            organisation=organisation,
            email=f"new{number}@{organisation.code}.example",
            created_at=now,
            expires_at=now + timedelta(days=7),
            due_at=now - timedelta(minutes=minutes),
        )
        for number in range(count)
    ]


def rows_work(**facts: object) -> RowWork:
    return RowWork(
        Invitation, lambda row, now: work.settle(row, due_at=None), rows=Invitation.unscoped.all, **facts
    )


def engine_for(one: RowWork, threads: int) -> Engine:
    return Engine([one], [], threads=threads, stop=threading.Event())


def fill(engine: Engine) -> None:
    """Claims as often as there is something to claim."""
    while engine._fill():
        pass


@pytest.mark.parametrize(("threads", "held"), [(1, 1), (2, 1), (3, 1), (4, 2), (8, 6)])
def test_one_kind_of_work_leaves_threads_to_the_others(cast: Cast, threads: int, held: int) -> None:
    make_rows(cast.atlas, 20)
    engine = engine_for(rows_work(), threads)

    fill(engine)

    assert engine.holdings.count(KIND) == held


def test_every_kind_comes_first_in_its_turn(cast: Cast) -> None:
    engine = engine_for(rows_work(), threads=4)
    firsts = []

    for _time in range(2):
        firsts.append(engine.works[0].key)
        engine._fill()

    assert firsts == [KIND, "core.turn"]


def test_rows_that_wait_for_one_stranger_leave_threads_to_the_others_of_their_kind(cast: Cast) -> None:
    make_rows(cast.atlas, 20, minutes=9)
    make_rows(cast.other, 20, minutes=1)
    engine = engine_for(rows_work(lane=("organisation__code",)), threads=8)

    fill(engine)

    lanes = engine.holdings.lanes(KIND)
    assert lanes == Counter({(cast.atlas.code,): 4, (cast.other.code,): 2})


def test_lane_is_looked_at_again_as_soon_as_there_is_room_in_it(cast: Cast) -> None:
    make_rows(cast.atlas, 20)
    engine = engine_for(rows_work(lane=("organisation__code",)), threads=8)
    fill(engine)

    engine.holdings.drop(engine.waiting.get())
    engine._fill()

    assert engine.holdings.count(KIND) == 4


def test_lane_that_empties_while_it_is_claimed_from_is_not_taken_for_done(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows were left where they are because it was full; by the end of the look a quick thread had made room."""
    make_rows(cast.atlas, 20)
    engine = engine_for(rows_work(lane=("organisation__code",)), threads=8)
    full = engine._full_lanes
    answers = iter([[], [(cast.atlas.code,)]])
    monkeypatch.setattr(engine, "_full_lanes", lambda one: next(answers, full(one)))

    engine._fill()

    assert engine.next_look[KIND] == 0.0


def test_row_that_comes_again_is_held_twice(cast: Cast) -> None:
    (row,) = make_rows(cast.atlas, 1)
    holdings, one = Holdings(), rows_work()
    slow, quick = holdings.add(one, row), holdings.add(one, row)

    holdings.drop(slow)

    assert holdings.all() == [quick]


@pytest.mark.parametrize(
    ("renews", "waited", "is_done"), [(False, 29, True), (False, 31, False), (True, 31, True)]
)
def test_row_whose_lease_grew_old_in_the_queue_is_given_back(
    cast: Cast, renews: bool, waited: int, is_done: bool
) -> None:
    (made,) = make_rows(cast.atlas, 1)
    engine = engine_for(rows_work(renews=renews, lease=timedelta(seconds=60)), threads=4)
    fill(engine)
    (held,) = engine.holdings.all()
    held.row.claimed_until -= timedelta(seconds=waited)

    engine.waiting.put(None)
    engine._work()

    made.refresh_from_db()
    assert (made.due_at is None, made.claimed_until, made.attempts) == (is_done, None, 0)


BUSY = """
import threading
from datetime import timedelta
from portevoix.core import clock, work
from portevoix.core.engines import procrastinating
from portevoix.core.models import Turn

rooms, now = [], clock.now()

def act(row, now):
    looks = engine.looks
    rooms.append([looks._room(looks.works[0]), [each.count() for each in looks.kept_alive]])
    work.settle(row, due_at=None)

row = Turn.objects.create(key="a row like any other", due_at=now)
engine = procrastinating.Engine([work.RowWork(Turn, act)], [], threads=8, stop=threading.Event())
engine.work_on_row("core.turn", row.pk)
print(rooms == [[procrastinating.LOOK_THREADS, [0, 1]]], rooms)
"""


def test_busy_jobs_leave_the_looks_their_threads(tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Procrastinate lives on PostgreSQL: this runs in the suite's second pass")
    with installed(tmp_path, "procrastinate") as place:
        assert place.run(BUSY).split(maxsplit=1)[0] == "True"


FORGOTTEN = """
import threading
from datetime import timedelta
from procrastinate.contrib.django.models import ProcrastinateJob
from portevoix.core import clock, work
from portevoix.core.engines import procrastinating
from portevoix.core.models import Turn

late = clock.now() - timedelta(minutes=1)
rows = [Turn.objects.create(key=f"row {number}", due_at=late) for number in range(3)]
procrastinating.defer("core.turn", rows[0].pk, late)
engine = procrastinating.Engine([work.RowWork(Turn, print)], [], threads=8, stop=threading.Event())
found = engine.find_forgotten(clock.now())
print(found, ProcrastinateJob.objects.count())
"""


def test_rows_are_announced_once_and_forgotten_ones_again(tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Procrastinate lives on PostgreSQL: this runs in the suite's second pass")
    with installed(tmp_path, "procrastinate") as place:
        assert place.run(FORGOTTEN).split() == ["2", "3"]


ROLLED_BACK = """
import threading
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from portevoix.core import clock
from portevoix.core.engines import procrastinating

engine = procrastinating.Engine([], [], threads=8, stop=threading.Event())
app = engine.app()
with transaction.atomic():
    procrastinating.defer("core.turn", 1, clock.now())
    transaction.set_rollback(True)
print(procrastinating.TASK in app.tasks, ProcrastinateJob.objects.count())
"""


def test_worker_announces_within_the_transaction(tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Procrastinate lives on PostgreSQL: this runs in the suite's second pass")
    with installed(tmp_path, "procrastinate") as place:
        assert place.run(ROLLED_BACK).split() == ["True", "0"]
