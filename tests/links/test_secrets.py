"""Secrets of visitors: one a period, made ahead, destroyed when the period is over; and what figures are told of them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from cast import Cast
from portevoix.core import tenancy
from portevoix.links.actions.keys import keep_visitor_secrets
from portevoix.links.jobs import renew_visitor_secrets
from portevoix.links.models import VisitorPeriod
from portevoix.links.queries import visitor_period, visitor_periods
from portevoix.people.actions.organisations import change_organisation
from portevoix.web.admin.forms import of_organisation

# The clock of Atlas is that of Paris, an hour before UTC in winter.
NOVEMBER = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATE_NOVEMBER = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
DECEMBER = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)


def secrets(cast: Cast) -> dict[str, bytes | None]:
    """The secret of each period, by its first and last day."""
    rows = VisitorPeriod.unscoped.filter(organisation=cast.atlas).order_by("starts_at")
    return {str(row): bytes(row.secret) if row.secret else None for row in rows}


def choose(cast: Cast, kind: str, now: datetime) -> None:
    """Driss chooses another period, and the news is heard."""
    facts = {**of_organisation(cast.atlas), "mail_domains": [], "visitor_period": kind}
    change_organisation(organisation=cast.atlas, by=cast.driss, now=now, **facts)  # type: ignore[misc]
    keep_visitor_secrets(organisation_id=cast.atlas.pk, now=now)


def test_secrets_are_made_a_week_ahead_for_every_organisation(cast: Cast) -> None:
    changed_count = renew_visitor_secrets(NOVEMBER)

    assert (changed_count, list(secrets(cast))) == (4, ["2026-11-01 2026-11-30", "2026-12-01 2026-12-31"])
    kept = [bytes(row.secret or b"") for row in VisitorPeriod.unscoped.all()]
    assert {len(secret) for secret in kept} == {32}
    assert len(set(kept)) == 4


def test_secret_stays_the_same_all_month(cast: Cast) -> None:
    renew_visitor_secrets(NOVEMBER)
    before = secrets(cast)

    changed_count = renew_visitor_secrets(LATE_NOVEMBER)

    assert (changed_count, secrets(cast)) == (0, before)


def test_secret_is_destroyed_when_its_period_is_over_on_the_clock_of_the_organisation(cast: Cast) -> None:
    renew_visitor_secrets(NOVEMBER)
    december = secrets(cast)["2026-12-01 2026-12-31"]

    renew_visitor_secrets(DECEMBER)

    assert secrets(cast) == {"2026-11-01 2026-11-30": None, "2026-12-01 2026-12-31": december}


def test_periods_are_forgotten_after_their_figures(cast: Cast) -> None:
    renew_visitor_secrets(NOVEMBER)

    renew_visitor_secrets(NOVEMBER + timedelta(days=807))

    assert "2026-11-01 2026-11-30" not in secrets(cast)


def test_shorter_period_begins_tonight_under_the_secret_that_runs(cast: Cast) -> None:
    renew_visitor_secrets(NOVEMBER)
    running = secrets(cast)["2026-11-01 2026-11-30"]

    choose(cast, "day", NOVEMBER)

    assert list(secrets(cast))[:3] == [
        "2026-11-01 2026-11-24", "2026-11-25 2026-11-25", "2026-11-26 2026-11-26",
    ]  # fmt: skip
    assert secrets(cast)["2026-11-01 2026-11-24"] == running
    assert len(secrets(cast)) == 8
    assert None not in secrets(cast).values()


def test_longer_period_begins_when_the_one_that_runs_is_over(cast: Cast) -> None:
    renew_visitor_secrets(NOVEMBER)
    running = secrets(cast)["2026-11-01 2026-11-30"]

    choose(cast, "quarter", NOVEMBER)

    assert list(secrets(cast)) == ["2026-11-01 2026-11-30", "2026-12-01 2026-12-31"]
    assert secrets(cast)["2026-11-01 2026-11-30"] == running
    renew_visitor_secrets(datetime(2026, 12, 30, tzinfo=UTC))
    assert list(secrets(cast))[-1] == "2027-01-01 2027-03-31"


def test_new_choice_is_heard_at_once(
    cast: Cast, django_capture_on_commit_callbacks: Any, travel: object
) -> None:
    renew_visitor_secrets(NOVEMBER)

    facts = {**of_organisation(cast.atlas), "mail_domains": [], "visitor_period": "day"}
    with django_capture_on_commit_callbacks(execute=True):
        change_organisation(organisation=cast.atlas, by=cast.driss, now=NOVEMBER, **facts)  # type: ignore[misc]

    assert next(iter(secrets(cast))) == "2026-11-01 2026-11-24"


def test_figures_are_told_the_periods_of_their_days(cast: Cast) -> None:
    renew_visitor_secrets(NOVEMBER)
    choose(cast, "day", NOVEMBER)

    told = visitor_periods(cast.atlas, date(2026, 9, 12), date(2026, 11, 26))

    assert [f"{one.first} {one.last}" for one in told] == [
        "2026-09-01 2026-09-30", "2026-10-01 2026-10-31", "2026-11-01 2026-11-24",
        "2026-11-25 2026-11-25", "2026-11-26 2026-11-26",
    ]  # fmt: skip
    assert visitor_period(cast.atlas, date(2026, 11, 3)) == (date(2026, 11, 1), date(2026, 11, 24))
    assert visitor_period(cast.atlas, date(2026, 11, 25)) == (date(2026, 11, 25), date(2026, 11, 25))


def test_days_before_the_first_period_are_told_in_months(cast: Cast) -> None:
    with tenancy.acting_for(cast.atlas.pk):
        VisitorPeriod.objects.create(
            organisation=cast.atlas, first_on=date(2026, 11, 10), last_on=date(2026, 11, 10),
            starts_at=NOVEMBER, ends_at=NOVEMBER,
        )  # fmt: skip

    told = visitor_periods(cast.atlas, date(2026, 11, 9), date(2026, 11, 11))

    assert [(one.first.day, one.last.day) for one in told] == [(1, 9), (10, 10), (1, 30)]


@pytest.mark.parametrize("kind", ["day", "month", "quarter"])
def test_no_moment_is_without_a_secret_or_has_two(cast: Cast, kind: str) -> None:
    cast.atlas.visitor_period = kind
    cast.atlas.save()
    for day in range(0, 200, 5):  # the worker looks every five days only
        renew_visitor_secrets(NOVEMBER + timedelta(days=day))

    rows = list(VisitorPeriod.unscoped.filter(organisation=cast.atlas).order_by("starts_at"))

    assert all(one.ends_at == other.starts_at for one, other in pairwise(rows))
    assert all(one.last_on + timedelta(days=1) == two.first_on for one, two in pairwise(rows))
