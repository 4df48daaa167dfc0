"""Whom shares reached: intervals hold the truth, and no figure or difference of figures is about fewer than five."""

from dataclasses import replace

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portevoix.analytics.audience import (
    Comparison,
    Crowd,
    Matched,
    compared,
    overlaps,
    reaches,
)
from portevoix.analytics.intervals import exactly
from portevoix.analytics.rules import Slice, merge_few
from portevoix.analytics.sketches import sketch_of, union
from portevoix.analytics.visitors import Visitors

TRIALS = 100


def ambassadors(first: int, count: int) -> frozenset[int]:
    return frozenset(range(first, first + count))


def crowd(key: str, visitors: list[int] | range | numpy.ndarray, life: int = 1) -> Crowd:
    return Crowd(key, key, len(visitors), {life: sketch_of(visitors)})


def drawn(seed: int, count: int) -> numpy.ndarray:
    return numpy.random.default_rng(seed).integers(0, 2**64, count, dtype=numpy.uint64)


SALES = crowd("sales", range(100))
CARE = crowd("care", range(60, 200))


def test_what_others_did_not_reach_is_added_alone() -> None:
    found = {one.crowd.key: one for one in reaches([SALES, CARE])}

    assert found["sales"].visitors == Visitors((exactly(100),))
    assert found["sales"].alone == exactly(60)
    assert found["care"].alone == exactly(100)
    assert found["sales"].is_told_from_none


def test_a_crowd_inside_another_adds_nobody() -> None:
    inside = crowd("inside", range(40))

    found = {one.crowd.key: one for one in reaches([SALES, inside])}

    assert found["inside"].alone == exactly(0)
    assert not found["inside"].is_told_from_none


def test_one_crowd_adds_all_it_reached() -> None:
    assert [one.alone for one in reaches([SALES])] == [exactly(100)]


def test_overlaps_come_largest_first() -> None:
    third = crowd("third", range(90, 350))

    pairs = [(one.first.key, one.second.key, one.both) for one in overlaps([SALES, CARE, third])]

    assert pairs == [
        ("care", "third", exactly(110)),
        ("sales", "care", exactly(40)),
        ("sales", "third", exactly(10)),
    ]


def test_a_crowd_that_reached_nobody_overlaps_with_none() -> None:
    silent = replace(CARE, sketches={})

    assert overlaps([SALES, silent]) == []
    assert [one.alone for one in reaches([SALES, silent])] == [exactly(100), exactly(0)]


def test_over_two_lives_of_the_secret_crowds_are_not_compared() -> None:
    later = Crowd("care", "care", 190, {1: sketch_of(range(60, 200)), 2: sketch_of(range(50))})

    assert overlaps([SALES, later]) == []
    assert [one.alone for one in reaches([SALES, later])] == [None, None]
    assert [(one.visitors.low, one.visitors.high) for one in reaches([SALES, later])] == [
        (100, 100),
        (140, 190),
    ]


def test_strangers_are_not_told_from_none() -> None:
    one, two = drawn(1, 30_000), drawn(2, 30_000)

    found = overlaps([crowd("a", one), crowd("b", two)])

    assert not found[0].is_told_from_none
    assert found[0].both.low == 0


@pytest.mark.parametrize(
    ("first", "second", "both"), [(4_000, 4_000, 1_500), (20_000, 900, 600), (3_000, 2_000, 0)]
)
def test_intervals_of_overlaps_and_of_what_is_added_hold_the_truth(
    first: int, second: int, both: int
) -> None:
    held_both = held_alone = 0
    for seed in range(TRIALS):
        everybody = drawn(seed, first + second - both)
        one = crowd("a", everybody[:first])
        two = crowd("b", everybody[first - both :])
        held_both += overlaps([one, two])[0].both.holds(both)
        held_alone += reaches([one, two])[0].alone.holds(first - both)

    assert min(held_both, held_alone) >= 0.95 * TRIALS


def test_no_more_in_common_than_the_smaller_reached() -> None:
    everybody = drawn(3, 20_000)
    small = crowd("small", everybody[:500])

    both = overlaps([crowd("large", everybody), small])[0].both

    (reached,) = small.visitors.lives
    assert both.low <= both.estimate <= reached.estimate
    assert both.high <= reached.high


# --- nobody can be worked out --------------------------------------------------------------------------------------
@st.composite
def worlds(draw: st.DrawFn) -> dict[int, tuple[int, set[int]]]:
    """Ambassadors: the team each is in, and the visitors that each brought."""
    sizes = draw(st.lists(st.integers(1, 8), min_size=1, max_size=6))
    visitors = st.sets(st.integers(0, 60), max_size=8)
    teams = [team for team, size in enumerate(sizes) for _ in range(size)]
    return {person: (team, draw(visitors)) for person, team in enumerate(teams)}


def crowds_of(world: dict[int, tuple[int, set[int]]]) -> tuple[list[Crowd], list[set[int]]]:
    """The crowds that are shown, and the ambassadors behind each."""
    members: dict[int, set[int]] = {}
    for person, (team, _) in world.items():
        members.setdefault(team, set()).add(person)
    groups = merge_few([Slice(team, f"team {team}", keys=(team,)) for team in members], members)
    behind = [set[int]().union(*(members[team] for team in group.keys)) for group in groups]
    return [
        Crowd(index, group.name, 0, {1: union(sketch_of(world[person][1]) for person in sorted(who))})
        for index, (group, who) in enumerate(zip(groups, behind, strict=True))
    ], behind


def everything_said(crowds: list[Crowd]) -> list[object]:
    """All figures of the page about these crowds."""
    return [
        [(one.crowd.name, one.visitors, one.alone) for one in reaches(crowds)],
        sorted((one.first.key, one.second.key, one.both.estimate) for one in overlaps(crowds)),
    ]


@settings(max_examples=60, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_who_of_a_crowd_brought_whom_changes_nothing_that_is_said(world, chance) -> None:  # type: ignore[no-untyped-def]
    """Deal the visitors of each shown crowd out anew among the ambassadors behind it: the page says the same.

    So whatever is computed from the page, sums and differences included, cannot tell one of them from another.
    """
    shown, behind = crowds_of(world)
    dealt = dict(world)
    for people in behind:
        brought = [world[person][1] for person in sorted(people)]
        chance.shuffle(brought)
        for person, theirs in zip(sorted(people), brought, strict=True):
            dealt[person] = (world[person][0], theirs)

    assert everything_said(crowds_of(dealt)[0]) == everything_said(shown)
    assert all(len(people) >= 5 for people in behind)
    assert not behind or set[int]().union(*behind) == set(world)


# --- people against the company's page -----------------------------------------------------------------------------
def matched(story: int, visitors: float = 60, company: float = 10, sharers: int = 6) -> Matched:
    return Matched(story, ambassadors(0, sharers), 6, visitors + story % 3, 1, company + story % 2)


def test_nothing_is_compared_before_five_stories() -> None:
    assert compared(map(matched, range(4))) == Comparison(4, 24, 4)
    assert compared(map(matched, range(4))).missing_stories == 1
    assert compared(map(matched, range(5))).ratio is not None


def test_nothing_is_compared_for_fewer_than_five_people() -> None:
    assert compared(matched(story, sharers=4) for story in range(20)).ratio is None


def test_people_and_company_alike_are_told_to_be_alike() -> None:
    rows = [Matched(n, ambassadors(0, 6), 6, 60 + n % 3 * 6, 1, 10 + (n + 1) % 3) for n in range(21)]

    ratio = compared(rows).ratio

    assert ratio is not None
    assert ratio.holds(1)
    assert ratio.low < ratio.estimate < ratio.high


def test_like_for_like_is_by_what_the_company_posted() -> None:
    """A story that people shared a hundred times and the company posted once weighs once."""
    many = [Matched(story, ambassadors(0, 9), 100, 500, 1, 10) for story in range(4)]
    few = [Matched(story, ambassadors(0, 9), 2, 40, 1, 10) for story in range(4, 8)]

    ratio = compared([*many, *few]).ratio

    assert ratio is not None
    assert ratio.estimate == pytest.approx((4 * 5 + 4 * 20) / 80)


def test_what_only_one_side_shared_is_left_out() -> None:
    rows = [matched(story) for story in range(9)]
    alone = [Matched(50, ambassadors(0, 9), 40, 9_000, 0, 0), Matched(51, frozenset(), 0, 0, 3, 900)]

    assert compared([*rows, *alone]) == compared(rows)


def test_one_story_that_made_it_all_is_no_comparison() -> None:
    assert (
        compared([matched(0), *(matched(story, company=-(story % 2)) for story in range(1, 9))]).ratio is None
    )


def test_the_interval_of_a_comparison_holds_the_truth() -> None:
    """People bring 0.6 of what the company's page does; stories differ tenfold, and results vary."""
    trials, held = 400, 0
    for seed in range(trials):
        chance = numpy.random.default_rng(seed)
        rows = []
        for story in range(12):
            liked, shares = chance.lognormal(0, 0.7), int(chance.integers(1, 15))
            people = chance.poisson(12 * liked * chance.gamma(2, 0.5, shares)).sum()
            company = chance.poisson(20 * liked * chance.gamma(2, 0.5))
            rows.append(Matched(story, ambassadors(0, 6), shares, people, 1, company))
        ratio = compared(rows).ratio
        held += ratio is not None and ratio.holds(0.6)

    assert held >= 0.94 * trials
