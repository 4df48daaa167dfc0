"""Periods are days on the clocks of a zone."""

from datetime import UTC, date, datetime, timedelta

from portevoix.analytics.period import Period, last, last_weeks, since_moment, this_year

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PARIS, CASABLANCA = "Europe/Paris", "Africa/Casablanca"


def test_period_goes_from_midnight_to_midnight_of_its_zone() -> None:
    day = date(2026, 11, 24)

    paris, casablanca = Period(day, day, PARIS), Period(day, day, CASABLANCA)

    assert (paris.start, paris.end) == (
        datetime(2026, 11, 23, 23, tzinfo=UTC),
        datetime(2026, 11, 24, 23, tzinfo=UTC),
    )
    assert casablanca.start == datetime(2026, 11, 24, tzinfo=UTC)


def test_period_holds_twenty_five_hours_on_the_day_clocks_go_back() -> None:
    day = Period(date(2026, 10, 25), date(2026, 10, 25), PARIS)

    assert day.end - day.start == timedelta(hours=25)


def test_last_ends_today_on_the_clock_of_the_zone() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)

    assert last(timedelta(days=90), now=late, zone=PARIS) == Period(
        date(2026, 8, 28), date(2026, 11, 25), PARIS
    )
    assert last(timedelta(days=90), now=late, zone=CASABLANCA).until == date(2026, 11, 24)


def test_last_weeks_begins_on_a_monday() -> None:
    assert last_weeks(4, now=NOW, zone=PARIS) == Period(date(2026, 11, 2), date(2026, 11, 24), PARIS)
    assert last_weeks(1, now=NOW, zone=PARIS) == Period(date(2026, 11, 23), date(2026, 11, 24), PARIS)


def test_this_year_begins_on_the_first_of_january() -> None:
    assert this_year(now=NOW, zone=PARIS) == Period(date(2026, 1, 1), date(2026, 11, 24), PARIS)


def test_since_moment_never_begins_after_today() -> None:
    assert since_moment(NOW + timedelta(days=3), now=NOW, zone=PARIS).since == date(2026, 11, 24)
    assert since_moment(datetime(2026, 11, 2, 23, 30, tzinfo=UTC), now=NOW, zone=PARIS).since == date(
        2026, 11, 3
    )
