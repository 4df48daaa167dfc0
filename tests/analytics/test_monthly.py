"""A month is told by days whose figures, less those of weeks, are about five people again."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.analytics.monthly import days_told
from portevoix.analytics.period import Period
from portevoix.analytics.rules import weeks_between

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 9, 1), date(2026, 11, 30)  # a Tuesday, a Monday
MONTHS = (date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1))
Acts = dict[date, set[int]]  # who stands behind each day


def days_of(period: Period) -> frozenset[date]:
    return frozenset(period.days)


def people(acts: Acts, days: frozenset[date]) -> set[int]:
    return set[int]().union(*(acts.get(day, set()) for day in days))


def told(acts: Acts, month: date, today: date) -> frozenset[date]:
    periods = days_told(Period(month, month, "UTC"), today, lambda days: people(acts, days_of(days)))
    return frozenset(day for one in periods for day in one.days)


everyone = st.lists(st.tuples(st.integers(-7, 97), st.integers(0, 9)), max_size=90)


@given(everyone)
def test_no_month_less_its_weeks_nor_week_less_its_months_is_about_one_to_four(
    drawn: list[tuple[int, int]],
) -> None:
    acts: Acts = defaultdict(set)
    for day, person in drawn:
        acts[FIRST + DAY * day].add(person)
    today = LAST + timedelta(days=14)

    weeks = [frozenset(monday + DAY * n for n in range(7)) for monday in weeks_between(FIRST, LAST)]
    told_weeks = [week for week in weeks if not 0 < len(people(acts, week)) < 5]
    months = [told(acts, month, today) for month in MONTHS]
    sums = {one | other for one, other in combinations([*told_weeks, *months], 2)} | {*told_weeks, *months}
    around = {frozenset[date]().union(*(week for week in told_weeks if week & month)) for month in months}
    pairs = [(small, large) for small in sums | around for large in sums | around if small < large]

    assert [pair for pair in pairs if 0 < len(people(acts, pair[1] - pair[0])) < 5] == []


def behind(*days: date) -> Acts:
    return {day: set(range(5)) for day in days}


def test_a_month_that_many_stand_behind_is_told_whole() -> None:
    acts = behind(*(FIRST + DAY * n for n in range(-7, 120)))
    assert told(acts, MONTHS[1], LAST) == days_of(Period(date(2026, 10, 1), date(2026, 10, 31), "UTC"))


@pytest.mark.parametrize("thin", [date(2026, 9, 29), date(2026, 10, 2)])
def test_a_week_in_two_months_is_cut_only_if_both_parts_bear_it(thin: date) -> None:
    acts = behind(*(FIRST + DAY * n for n in range(-7, 120)))
    for n in range(7):
        day = date(2026, 9, 28) + DAY * n
        if (day < MONTHS[1]) == (thin < MONTHS[1]):
            acts[day] = {1}

    cut = {date(2026, 9, 28) + DAY * n for n in range(7)}
    assert not (told(acts, MONTHS[0], LAST) | told(acts, MONTHS[1], LAST)) & cut


def test_a_week_in_two_months_waits_for_its_end() -> None:
    acts = behind(*(FIRST + DAY * n for n in range(-7, 120)))
    wednesday = date(2026, 9, 30)

    assert max(told(acts, MONTHS[0], wednesday)) == date(2026, 9, 27)
    assert max(told(acts, MONTHS[0], date(2026, 10, 5))) == wednesday


def test_the_running_week_is_told_as_it_goes() -> None:
    acts = behind(date(2026, 11, 23), date(2026, 11, 24))
    assert max(told(acts, MONTHS[2], date(2026, 11, 24))) == date(2026, 11, 24)
