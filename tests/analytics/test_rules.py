"""Small groups are never shown, nor can they be worked out."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portevoix.analytics.rules import (
    OTHERS,
    Slice,
    merge_few,
    monday_of,
    named_each_day,
    safe_cell,
    weeks_between,
)


def test_weeks_between_holds_every_week_that_is_touched() -> None:
    weeks = weeks_between(date(2026, 11, 1), date(2026, 11, 24))

    assert weeks == [date(2026, 10, 26), *(date(2026, 11, day) for day in (2, 9, 16, 23))]
    assert monday_of(date(2026, 11, 24)) == date(2026, 11, 23)


def test_safe_cell_disarms_formulas_and_leaves_numbers() -> None:
    cells = [safe_cell(value) for value in ("=1+1", "@SUM(A1)", "+33 1", "-4", "-cmd", "\tx", "Bonjour", 12)]

    assert cells == ["'=1+1", "'@SUM(A1)", "'+33 1", "-4", "'-cmd", "'\tx", "Bonjour", "12"]


slices = st.lists(
    st.builds(
        Slice, key=st.integers(0, 8), name=st.just("n"), shares=st.integers(0, 9), clicks=st.integers(0, 90)
    ),
    max_size=9,
    unique_by=lambda one: one.key,
)
people = st.dictionaries(st.integers(0, 8), st.sets(st.integers(1, 12)))


@given(slices, people)
def test_merge_few_never_shows_nor_betrays_fewer_than_five_people(
    given_slices: list[Slice], sharers: dict[int, set[int]]
) -> None:
    shown = merge_few(given_slices, sharers)

    named = {one.key for one in shown} - {OTHERS}
    hidden = [one for one in given_slices if one.key not in named]
    assert all(len(sharers.get(key, set())) >= 5 for key in named)
    assert not shown or not hidden or len(set().union(*(sharers.get(one.key, set()) for one in hidden))) >= 5
    assert not shown or sum(one.clicks for one in shown) == sum(one.clicks for one in given_slices)


week_of_people = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.sets(st.integers(1, 14)), max_size=4), min_size=1, max_size=7
)


@given(week_of_people)
def test_named_each_day_never_shows_nor_betrays_fewer_than_five_people(
    days: list[dict[str, set[int]]],
) -> None:
    named = named_each_day(days)

    for day in days:
        others = set[int]().union(*(people for key, people in day.items() if key not in named))
        sizes = [len(day.get(key, set())) for key in named] + ([len(others)] if named else [])
        assert all(size == 0 or size >= 5 for size in sizes)


def test_named_each_day_names_what_it_can() -> None:
    six, five, two = set(range(6)), set(range(10, 15)), {20, 21}

    assert named_each_day([{"a": six, "b": five}, {"a": five}]) == {"a", "b"}
    assert named_each_day([{"a": six, "b": two, "c": {22, 23, 24}}]) == {"a"}
    assert named_each_day([{"a": six, "b": five, "c": two}]) == {"a"}
    assert named_each_day([{"a": six}, {"a": two}]) == set()
    assert named_each_day([{}, {}]) == set()
