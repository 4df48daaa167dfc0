"""Periods follow one another without a gap, whatever is chosen, whatever the clock."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.links.periods import SETTLED, Span, plan
from portevoix.links.visitors import Period, period_of

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
KINDS = ("day", "month", "quarter")
ZONES = (
    "Europe/Paris",
    "Africa/Casablanca",
    "Pacific/Kiritimati",
    "Pacific/Honolulu",
    "America/Santiago",
    "UTC",
)


@pytest.mark.parametrize(
    ("day", "kind", "first", "last"),
    [
        ("2026-11-24", "day", "2026-11-24", "2026-11-24"),
        ("2026-11-24", "month", "2026-11-01", "2026-11-30"),
        ("2026-12-31", "month", "2026-12-01", "2026-12-31"),
        ("2028-02-29", "month", "2028-02-01", "2028-02-29"),
        ("2026-11-24", "quarter", "2026-10-01", "2026-12-31"),
        ("2027-01-01", "quarter", "2027-01-01", "2027-03-31"),
    ],
)
def test_period_holds_its_day(day: str, kind: str, first: str, last: str) -> None:
    assert period_of(date.fromisoformat(day), kind) == Period(
        date.fromisoformat(first), date.fromisoformat(last)
    )


def days(spans: list[Span]) -> list[str]:
    return [f"{span.first:%m-%d} {span.last:%m-%d}" for span in spans]


def test_quarter_ends_with_the_month_when_months_are_chosen() -> None:
    running = plan([], "quarter", "Europe/Paris", NOW)

    assert days(running) == ["10-01 12-31"]
    assert days(plan(running, "month", "Europe/Paris", NOW)) == ["10-01 11-30", "12-01 12-31"]


def test_change_in_the_last_minute_before_midnight_waits_for_the_next_one() -> None:
    almost = datetime(2026, 11, 24, 22, 59, 30, tzinfo=UTC)
    running = plan([], "month", "Europe/Paris", NOW)

    assert days(plan(running, "day", "Europe/Paris", almost))[:2] == ["11-01 11-25", "11-26 11-26"]


def test_worker_that_was_away_begins_where_time_is() -> None:
    before = plan([], "day", "Europe/Paris", NOW)

    after = plan(before, "month", "Europe/Paris", NOW + timedelta(days=60))

    assert days(after) == ["01-01 01-31"]
    assert after[0].starts_at == datetime(2026, 12, 31, 23, 0, tzinfo=UTC)


def test_worker_that_was_away_within_a_period_takes_what_is_left_of_it() -> None:
    before = plan([], "day", "Europe/Paris", NOW)

    [rest, *_more] = plan(before, "month", "Europe/Paris", datetime(2026, 12, 10, tzinfo=UTC))

    assert days([rest]) == ["12-02 12-31"]
    assert rest.starts_at == before[-1].ends_at


choices = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(ZONES), st.integers(1, 12 * 86_400)),
    min_size=1,
    max_size=12,
)


@given(choices=choices)
def test_every_moment_has_one_period_and_none_that_runs_grows(choices: list[tuple[str, str, int]]) -> None:
    now, spans = NOW, list[Span]()
    for kind, zone, seconds in choices:
        before = [span for span in spans if span.starts_at <= now]
        spans = [*before[:-1], *plan(spans, kind, zone, now)] if before else plan(spans, kind, zone, now)
        spans = sorted({span.starts_at: span for span in spans}.values(), key=lambda span: span.starts_at)

        assert any(span.starts_at <= now < span.ends_at for span in spans)
        later = [span for span in spans if span.ends_at > now]
        assert all(one.ends_at == two.starts_at for one, two in pairwise(later))
        assert all(one.last < two.first for one, two in pairwise(later))
        assert all(span.first <= span.last and span.starts_at < span.ends_at for span in spans)
        if before and before[-1].ends_at > now:
            [kept] = [span for span in spans if span.starts_at == before[-1].starts_at]
            assert kept.ends_at <= before[-1].ends_at
            assert kept.ends_at == before[-1].ends_at or kept.ends_at > now + SETTLED - timedelta(seconds=1)
        assert plan(spans, kind, zone, now) == [span for span in spans if span.ends_at > now]
        now += timedelta(seconds=seconds)
