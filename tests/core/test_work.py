"""Work is rows: claimed once, taken up again when the lease runs out, and a stale worker's write refused."""

from datetime import datetime, timedelta

import pytest

from cast import Cast
from portevoix.core import work
from portevoix.people.models import Invitation


@pytest.fixture
def row(cast: Cast, now: datetime) -> Invitation:
    return Invitation.objects.create(
        organisation=cast.atlas,
        email="new@atlas.example",
        created_at=now,
        expires_at=now + timedelta(days=7),
        due_at=now,
    )


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


@pytest.mark.django_db
def test_run_once_survives_a_failing_work() -> None:
    def fail(_now: datetime) -> int:
        raise RuntimeError("broken")

    assert work.run_once(work.Work("failing", fail, timedelta(seconds=1))) == 0
