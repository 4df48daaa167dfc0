"""Small groups are never shown, nor can they be worked out."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portevoix.analytics.rules import (
    OTHERS,
    Group,
    Slice,
    merge_few,
    merge_small,
    monday_of,
    named_each_day,
    safe_cell,
    weeks_between,
)

groups = st.lists(
    st.builds(
        Group,
        name=st.text(min_size=1, max_size=5),
        people=st.integers(0, 30),
        shares=st.integers(0, 50),
        clicks=st.integers(0, 500),
        visitors=st.integers(0, 400),
    ),
    max_size=12,
)


@given(groups)
def test_merge_small_never_shows_nor_betrays_a_group_under_five(given_groups: list[Group]) -> None:
    shown = merge_small(given_groups)

    assert all(group.people >= 5 for group in shown)
    hidden = sum(g.people for g in given_groups) - sum(g.people for g in shown)
    assert hidden == 0 or not shown


@given(groups)
def test_merge_small_loses_no_click_unless_it_hides_everything(given_groups: list[Group]) -> None:
    shown = merge_small(given_groups)

    with_figures = [g for g in given_groups if g.people or g.shares or g.clicks]
    assert not shown or sum(g.clicks for g in shown) == sum(g.clicks for g in with_figures)


def test_merge_small_puts_small_teams_together_under_no_name() -> None:
    shown = merge_small(
        [Group("Ventes", 12, clicks=40), Group("Achats", 3, clicks=5), Group("Paie", 2, clicks=1)]
    )

    assert shown == [Group("Ventes", 12, clicks=40), Group("", 5, clicks=6)]


def test_merge_small_takes_a_large_team_in_when_the_small_ones_stay_too_few() -> None:
    shown = merge_small([Group("Ventes", 12), Group("Projets", 6, clicks=3), Group("Achats", 2, clicks=5)])

    assert shown == [Group("Ventes", 12), Group("", 8, clicks=8)]


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
