"""No answer, nor any difference of two, is about one to four people, whatever is asked, shared or visited."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from portevoix.analytics.rules import OTHERS, Slice
from portevoix.analytics.telling import (
    FOUR,
    Piece,
    StoryFacts,
    added,
    apart,
    four_of,
    fours_of,
    hidden_stories,
    is_over,
    pieces,
    within,
)

FIRST = date(2026, 9, 28)  # a Monday on which four weeks begin
WEEK = timedelta(weeks=1)
WEEKS = [FIRST + WEEK * n for n in range(9)]  # two fours that may be over, and the first week of a third
NETWORKS = ("linkedin", "x", "email")


@dataclass(frozen=True)
class Act:
    """A share, or a visit to somebody's link, in a week and on a network."""

    week: date
    network: str
    person: int
    is_share: bool


# Of each week and network, who shares and who is visited: from nobody to nearly all.
crowds = st.one_of(
    st.just(frozenset()),
    st.frozensets(st.integers(1, 9), max_size=2),
    st.frozensets(st.integers(1, 9), min_size=4),
)
acts = st.fixed_dictionaries(
    {
        (week, network, is_share): crowds
        for week in WEEKS
        for network in NETWORKS
        for is_share in (True, False)
    }
).map(
    lambda drawn: [
        Act(week, network, person, is_share)
        for (week, network, is_share), people in drawn.items()
        for person in sorted(people)
    ]
)

Cells = frozenset[tuple[date, str]]  # of weeks by networks: what a figure is added up from


def told_on(today: date, told: Collection[Act]) -> list[Piece]:
    """The pieces as they are told on a Monday, when nothing of its week is known yet."""
    behind: dict[date, set[int]] = {week: set() for week in WEEKS if week <= today}
    for act in told:
        if act.week < today:
            behind[act.week].add(act.person)
    return pieces(behind, today)


def answers(today: date, told: Collection[Act]) -> Iterator[Cells]:
    """Every figure that pages and files give on that Monday, of any period, in all and by network."""
    known = told_on(today, told)
    for since in WEEKS:
        for until in (week for week in WEEKS if since <= week <= today):
            weeks = {week for piece in within(known, since, until) for week in piece if week < today}
            yield frozenset((week, network) for week in weeks for network in NETWORKS)
            fours = [four_of(week) for week in fours_of(since, until, today)]
            yield from by_network(fours, known, told)


def by_network(fours: Collection[date], known: Collection[Piece], told: Collection[Act]) -> Iterator[Cells]:
    cells: dict[str, set[tuple[date, str]]] = defaultdict(set)
    for four in fours:
        weeks = {week for piece in known for week in piece if four_of(week) == four}
        for one in slices_of(weeks, told):
            cells[one.key] |= {(week, network) for week in weeks for network in one.keys}
    yield from map(frozenset, cells.values())


def slices_of(weeks: Collection[date], told: Collection[Act]) -> list[Slice]:
    shared = [(act.network, act.person) for act in told if act.is_share and act.week in weeks]
    clicks: dict[tuple[date, str], int] = defaultdict(int)
    for act in told:
        clicks[act.week, act.network] += not act.is_share
    return apart(weeks, shared, clicks, {})


def people_of(cells: Cells, told: Collection[Act]) -> set[int]:
    return {act.person for act in told if (act.week, act.network) in cells}


@given(acts)
def test_no_difference_of_two_answers_is_about_one_to_four_people(told: list[Act]) -> None:
    seen = {cells for today in WEEKS for cells in answers(today, told)}

    alone = [cells for cells in seen if 0 < len(people_of(cells, told)) < 5]
    apart_from = [
        (small, large)
        for one, other in combinations(seen, 2)
        for small, large in ((one, other), (other, one))
        if small < large and 0 < len(people_of(large - small, told)) < 5
    ]
    assert (alone, apart_from) == ([], [])


@given(acts)
def test_what_is_told_of_a_week_that_is_over_stays_as_it_was(told: list[Act]) -> None:
    for today in WEEKS:
        before, after = set(told_on(today, told)), set(told_on(today + WEEK, told))

        assert {piece for piece in before if piece[0] < today} <= after


@given(acts)
def test_groups_add_up_to_the_weeks_that_are_told_or_none_is_named(told: list[Act]) -> None:
    four = FIRST
    weeks = {week for piece in told_on(WEEKS[-1], told) for week in piece if four_of(week) == four}

    slices = slices_of(weeks, told)

    visits = sum(not act.is_share for act in told if act.week in weeks)
    assert not slices or sum(one.clicks for one in slices) == visits


def people(count: int, first: int = 1) -> set[int]:
    return set(range(first, first + count))


def told_of(*behind: set[int], today: date = WEEKS[8]) -> list[Piece]:
    return pieces(dict(zip(WEEKS, behind, strict=False)), today)


def test_a_week_of_nobody_or_of_five_is_told_by_itself() -> None:
    assert told_of(people(5), set(), people(6)) == [(WEEKS[0],), (WEEKS[1],), (WEEKS[2],)]


def test_thin_weeks_are_told_together_once_their_four_is_over() -> None:
    weeks = (people(3), people(5), people(3, first=3), people(2))

    assert told_of(*weeks, today=WEEKS[4] - timedelta(days=1)) == [(WEEKS[1],)]
    assert told_of(*weeks, today=WEEKS[4]) == [(WEEKS[1],), (WEEKS[0], WEEKS[2], WEEKS[3])]


def test_thin_weeks_of_the_same_four_people_are_never_told() -> None:
    assert told_of(people(4), people(3), people(4), people(1)) == []


def test_a_period_holds_a_piece_as_a_whole_or_not_at_all() -> None:
    told = [(WEEKS[1],), (WEEKS[0], WEEKS[2])]

    assert within(told, WEEKS[0], WEEKS[1] + timedelta(days=6)) == [(WEEKS[1],)]
    assert within(told, WEEKS[0], WEEKS[2]) == told


def test_fours_are_the_same_whoever_asks_and_when() -> None:
    assert {four_of(FIRST + timedelta(days=n)) for n in range(28)} == {FIRST}
    assert four_of(FIRST - timedelta(days=1)) == FIRST - FOUR
    assert not is_over(FIRST, FIRST + FOUR - timedelta(days=1))
    assert is_over(FIRST, FIRST + FOUR)


def test_fours_of_a_period_are_those_it_touches_and_that_are_over() -> None:
    second, third = FIRST + FOUR, FIRST + 2 * FOUR
    day = timedelta(days=1)

    assert fours_of(FIRST + 9 * day, third + 3 * day, third + 3 * day) == [FIRST, second]
    assert fours_of(FIRST, FIRST + 6 * day, third) == [FIRST]
    assert fours_of(third, third + 3 * day, third + 3 * day) == [second]  # the last that is over
    assert fours_of(third + 90 * day, third + 99 * day, third) == [second]


def test_several_fours_add_up_by_name_with_the_others_last() -> None:
    first = [Slice("linkedin", "LinkedIn", 5, 9), Slice(OTHERS, "", 6, 40)]
    second = [Slice("x", "X", 7, 12), Slice("linkedin", "LinkedIn", 5, 8)]

    assert added([first, second]) == [
        Slice("linkedin", "LinkedIn", 10, 17),
        Slice("x", "X", 7, 12),
        Slice(OTHERS, "", 6, 40),
    ]


stories = st.lists(
    st.tuples(st.integers(1, 3), st.frozensets(st.integers(1, 9), max_size=7), st.booleans()), max_size=7
)


@given(stories)
def test_stories_that_are_not_told_are_five_peoples_together_or_nobodys(
    told: list[tuple[int, frozenset[int], bool]],
) -> None:
    facts = {
        key: StoryFacts(pillar, len(behind), behind, is_over)
        for key, (pillar, behind, is_over) in enumerate(told)
    }

    hidden = hidden_stories(facts)

    assert all(facts[key].sharers >= 5 for key in facts.keys() - hidden)
    over = [{k for k, one in facts.items() if one.is_over and one.pillar == pillar} for pillar in (1, 2, 3)]
    for group in (*over, set(facts)):
        behind = behind_all(facts, group & hidden)
        assert not 0 < len(behind) < 5 or group <= hidden


def behind_all(facts: Mapping[int, StoryFacts], keys: Collection[int]) -> set[int]:
    return set[int]().union(*(facts[key].people for key in keys))


def test_the_story_that_fewest_shared_hides_one_that_is_not_told() -> None:
    facts = {
        1: StoryFacts(1, 7, frozenset(range(7))),
        2: StoryFacts(1, 5, frozenset(range(5))),
        3: StoryFacts(1, 1, frozenset({1})),
    }

    assert hidden_stories(facts) == {2, 3}
    assert hidden_stories({**facts, 4: StoryFacts(1, 4, frozenset({11, 12, 13, 14}))}) == {3, 4}
    assert hidden_stories({1: facts[1], 2: facts[2]}) == frozenset()
