"""Small groups are never shown, nor can they be worked out."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portevoix.analytics.rules import Group, merge_small, monday_of, safe_cell, weeks_between

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
