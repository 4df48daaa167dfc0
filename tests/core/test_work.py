"""Work is rows: claimed once, taken up again when the lease runs out, and a stale worker's write refused."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cast import Cast
from portevoix.core import clock, work
from portevoix.core.engines import turns
from portevoix.core.models import Turn
from portevoix.core.work import RowWork, Sweep
from portevoix.people.models import Invitation


def make_row(cast: Cast, now: datetime, *, minutes: int = 0) -> Invitation:
    """A row that has been due for that many minutes."""
    return Invitation.objects.create(
        organisation=cast.atlas,
        email=f"new{minutes}@atlas.example",
        created_at=now,
        expires_at=now + timedelta(days=7),
        due_at=now - timedelta(minutes=minutes),
    )


@pytest.fixture
def row(cast: Cast, now: datetime) -> Invitation:
    return make_row(cast, now)


def test_claim_takes_a_due_row_once(row: Invitation, now: datetime) -> None:
    first = work.claim(Invitation.unscoped.all(), now=now)
    second = work.claim(Invitation.unscoped.all(), now=now)

    assert first == row
    assert second is None


def test_claim_leaves_what_is_not_due(row: Invitation, now: datetime) -> None:
    assert work.claim(Invitation.unscoped.all(), now=now - timedelta(seconds=1)) is None


def test_claim_takes_up_again_what_a_killed_worker_left(row: Invitation, now: datetime) -> None:
    work.claim(Invitation.unscoped.all(), now=now, lease=timedelta(seconds=60))

    again = work.claim(Invitation.unscoped.all(), now=now + timedelta(seconds=61))

    assert again == row
    assert again.attempts == 2


def test_claim_sees_what_a_late_holder_wrote_just_before(row: Invitation, now: datetime) -> None:
    slow = work.claim(Invitation.unscoped.all(), now=now)

    def write_at_last(_row: Invitation) -> bool:
        work.write_claimed(slow, last_error="on its way")
        return True

    (again,) = work.claim_some(
        Invitation.unscoped.all(), now=now + timedelta(minutes=2), limit=1, has_room=write_at_last
    )

    assert (again.last_error, again.fence, again.attempts) == ("on its way", 2, 2)


def test_row_read_again_is_ours_or_none(row: Invitation, now: datetime) -> None:
    rows = Invitation.unscoped.all()
    slow = work.claim(rows, now=now)
    ours = work._read_again(rows, slow)
    work.claim(rows, now=now + timedelta(minutes=2))

    theirs = work._read_again(rows, slow)

    assert (ours.fence, theirs) == (1, None)


def test_settle_refuses_a_worker_that_slept_through_its_lease(row: Invitation, now: datetime) -> None:
    slow = work.claim(Invitation.unscoped.all(), now=now)
    quick = work.claim(Invitation.unscoped.all(), now=now + timedelta(minutes=2))

    work.settle(quick, due_at=None)

    with pytest.raises(work.StaleClaim):
        work.settle(slow, due_at=now)
    row.refresh_from_db()
    assert row.due_at is None


def test_settle_with_an_error_counts_attempts_and_without_forgets_them(
    row: Invitation, now: datetime
) -> None:
    failed = work.claim(Invitation.unscoped.all(), now=now)
    work.settle(failed, due_at=now, error="no answer")
    row.refresh_from_db()
    assert (row.attempts, row.last_error) == (1, "no answer")

    done = work.claim(Invitation.unscoped.all(), now=now)
    work.settle(done, due_at=None)

    row.refresh_from_db()
    assert (row.attempts, row.last_error, row.claimed_until) == (0, "", None)


def test_back_off_doubles_up_to_its_ceiling() -> None:
    base, ceiling = timedelta(minutes=5), timedelta(hours=6)

    waits = [work.back_off(n, base=base, ceiling=ceiling) for n in (0, 1, 2, 50)]

    assert waits == [base, base * 2, base * 4, ceiling]


def test_claim_some_takes_the_longest_due_first_and_no_more_than_asked(cast: Cast, now: datetime) -> None:
    rows = [make_row(cast, now, minutes=minutes) for minutes in (3, 1, 2)]

    claimed = list(work.claim_some(Invitation.unscoped.all(), now=now, limit=2))

    assert claimed == [rows[0], rows[2]]


def test_renewed_claim_is_held_longer(row: Invitation, now: datetime) -> None:
    held = work.claim(Invitation.unscoped.all(), now=now)

    renewed = work.renew(held, now=now + timedelta(seconds=50), lease=work.LEASE)

    assert renewed
    assert work.claim(Invitation.unscoped.all(), now=now + timedelta(seconds=100)) is None


def test_claim_that_was_lost_is_not_renewed(row: Invitation, now: datetime) -> None:
    slow = work.claim(Invitation.unscoped.all(), now=now)
    work.claim(Invitation.unscoped.all(), now=now + timedelta(minutes=2))

    assert not work.renew(slow, now=now, lease=work.LEASE)


def test_released_row_is_as_if_it_had_not_been_claimed(row: Invitation, now: datetime) -> None:
    held = work.claim(Invitation.unscoped.all(), now=now)

    work.release(held)

    row.refresh_from_db()
    assert (row.attempts, row.claimed_until, row.due_at) == (0, None, now)
    assert work.claim(Invitation.unscoped.all(), now=now) == row


def failing(_row: Invitation, _now: datetime) -> None:
    raise RuntimeError("broken")


def test_failing_work_is_written_on_its_row_and_tried_again(row: Invitation, now: datetime) -> None:
    worked = work.work_through(RowWork(Invitation, failing), now)

    row.refresh_from_db()
    assert worked == 1
    assert (row.last_error, row.attempts, row.claimed_until) == ("RuntimeError", 1, None)
    assert row.due_at > now


def test_retry_makes_what_failed_due_and_nothing_else(row: Invitation, now: datetime) -> None:
    assert not work.retry(row=row, now=now)
    work.work_through(RowWork(Invitation, failing), now)

    asked = work.retry(row=row, now=now + timedelta(seconds=1))

    row.refresh_from_db()
    assert asked
    assert row.due_at == now + timedelta(seconds=1)


def test_standing_counts_what_waits_runs_and_failed(row: Invitation, cast: Cast, now: datetime) -> None:
    make_row(cast, now, minutes=-5)
    work.work_through(RowWork(Invitation, failing), now)
    running = make_row(cast, now, minutes=1)
    work.claim(Invitation.unscoped.filter(pk=running.pk), now=now)
    late = make_row(cast, now, minutes=2)

    found = work.standing(RowWork(Invitation, failing), Invitation.unscoped.all(), now)

    assert (found.waiting, found.running, found.failed, found.late_since) == (3, 1, 1, late.due_at)


def a_sweep(run: Callable[[datetime], int]) -> Sweep:
    return Sweep("look", run, timedelta(seconds=30))


def taking_turns(*sweeps: Sweep) -> Turn:
    turns.prepare(sweeps)
    return Turn.objects.get()


@pytest.mark.django_db
def test_sweep_takes_its_turn_and_says_when_it_looks_next() -> None:
    sweep = a_sweep(lambda _now: 7)
    turn = taking_turns(sweep)

    work.work_through(turns.work_of([sweep]), turn.due_at)

    turn.refresh_from_db()
    assert turn.done_count == 7
    assert turn.due_at > clock.now() + timedelta(seconds=25)


@pytest.mark.django_db
def test_sweep_that_fails_keeps_its_reason_and_its_next_turn() -> None:
    def fail(_now: datetime) -> int:
        raise RuntimeError("broken")

    turn = taking_turns(a_sweep(fail))

    work.work_through(turns.work_of([a_sweep(fail)]), turn.due_at)

    turn.refresh_from_db()
    assert turn.last_error == "RuntimeError: broken"
    assert turn.due_at > clock.now()


@pytest.mark.django_db
def test_turns_of_sweeps_that_are_no_more_go() -> None:
    turns.prepare([Sweep("old", lambda _now: 0, timedelta(seconds=1))])
    turns.prepare([a_sweep(lambda _now: 0)])

    assert [turn.key for turn in Turn.objects.all()] == ["look"]


@pytest.mark.django_db
def test_each_machine_takes_turns_of_its_own_at_what_only_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = Sweep("files", lambda _now: 0, timedelta(seconds=1), everywhere=True)
    for host in ("here", "there"):
        monkeypatch.setattr("socket.gethostname", lambda host=host: host)
        turns.prepare([sweep])

    assert sorted(turn.key for turn in Turn.objects.all()) == ["files@here", "files@there"]
    work.work_through(turns.work_of([sweep]), clock.now())
    assert [turn.key for turn in Turn.objects.filter(ran_at__isnull=False)] == ["files@there"]

    Turn.objects.filter(key="files@here").update(due_at=clock.now() - timedelta(days=2))
    turns.prepare([sweep])
    assert [turn.key for turn in Turn.objects.all()] == ["files@there"]
