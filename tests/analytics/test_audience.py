"""Whom shares reached: intervals hold the truth, and no figure or difference of figures is about fewer than five."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portevoix.analytics.audience import (
    Comparison,
    Crowd,
    Matched,
    Reported,
    compared,
    gathered,
    overlaps,
    reaches,
    reported,
)
from portevoix.analytics.intervals import exactly
from portevoix.analytics.rules import OTHERS
from portevoix.analytics.sketches import estimate, sketch_of, union

TRIALS = 100


def ambassadors(first: int, count: int) -> frozenset[int]:
    return frozenset(range(first, first + count))


def crowd(key: str, people: frozenset[int], visitors: list[int] | range) -> Crowd:
    return Crowd(key, key, people, len(people), len(visitors), sketch_of(visitors))


def drawn(seed: int, count: int) -> numpy.ndarray:
    return numpy.random.default_rng(seed).integers(0, 2**64, count, dtype=numpy.uint64)


SALES = crowd("sales", ambassadors(0, 6), range(100))
CARE = crowd("care", ambassadors(10, 8), range(60, 200))
LEGAL = crowd("legal", ambassadors(20, 2), range(300, 310))
LAB = crowd("lab", ambassadors(30, 4), range(305, 320))


def test_small_groups_are_together_under_no_name() -> None:
    shown = gathered([SALES, LEGAL, CARE, LAB])

    assert [one.key for one in shown] == ["care", "sales", OTHERS]
    together = shown[-1]
    assert (together.name, len(together.people), together.shares, together.visits) == ("", 6, 6, 25)
    assert together.visitors == exactly(20)


def test_too_few_together_take_the_smallest_large_group_along() -> None:
    shown = gathered([SALES, LEGAL, CARE])

    assert [one.key for one in shown] == ["care", OTHERS]
    assert shown[-1].visitors == exactly(110)


def test_fewer_than_five_in_all_are_not_shown() -> None:
    assert gathered([LEGAL]) == []
    assert gathered([]) == []


def test_a_person_in_two_networks_is_one() -> None:
    both = [crowd("x", ambassadors(0, 4), range(5)), crowd("xing", ambassadors(1, 3), range(5, 9))]

    assert gathered(both) == []


def test_what_others_did_not_reach_is_added_alone() -> None:
    found = {one.crowd.key: one for one in reaches([SALES, CARE])}

    assert found["sales"].visitors == exactly(100)
    assert found["sales"].alone == exactly(60)
    assert found["care"].alone == exactly(100)
    assert not found["sales"].adds_none_for_sure


def test_a_crowd_inside_another_adds_nobody() -> None:
    inside = crowd("inside", ambassadors(50, 5), range(40))

    found = {one.crowd.key: one for one in reaches([SALES, inside])}

    assert found["inside"].alone == exactly(0)
    assert found["inside"].adds_none_for_sure


def test_one_crowd_adds_all_it_reached() -> None:
    assert [one.alone for one in reaches([SALES])] == [exactly(100)]


def test_overlaps_come_largest_first() -> None:
    third = crowd("third", ambassadors(50, 5), range(90, 350))

    pairs = [(one.first.key, one.second.key, one.both) for one in overlaps([SALES, CARE, third])]

    assert pairs == [
        ("care", "third", exactly(110)),
        ("sales", "care", exactly(40)),
        ("sales", "third", exactly(10)),
    ]


def test_a_crowd_that_reached_nobody_overlaps_with_none() -> None:
    silent = replace(CARE, sketch=b"")

    assert overlaps([SALES, silent]) == []
    assert [one.visitors for one in reaches([SALES, silent])] == [exactly(100), exactly(0)]


def test_strangers_are_not_told_from_none() -> None:
    one, two = drawn(1, 30_000), drawn(2, 30_000)

    found = overlaps([crowd("a", ambassadors(0, 5), one), crowd("b", ambassadors(5, 5), two)])

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
        one = crowd("a", ambassadors(0, 5), everybody[:first])
        two = crowd("b", ambassadors(5, 5), everybody[first - both :])
        held_both += overlaps([one, two])[0].both.holds(both)
        held_alone += reaches([one, two])[0].alone.holds(first - both)

    assert min(held_both, held_alone) >= 0.95 * TRIALS


def test_no_more_in_common_than_the_smaller_reached() -> None:
    everybody = drawn(3, 20_000)
    small = crowd("small", ambassadors(5, 5), everybody[:500])

    both = overlaps([crowd("large", ambassadors(0, 5), everybody), small])[0].both

    assert both.low <= both.estimate <= small.visitors.estimate
    assert both.high <= small.visitors.high


# --- nobody can be worked out --------------------------------------------------------------------------------------
@st.composite
def worlds(draw: st.DrawFn) -> dict[int, tuple[int, set[int]]]:
    """Ambassadors: the team each is in, and the visitors that each brought."""
    sizes = draw(st.lists(st.integers(1, 8), min_size=1, max_size=6))
    visitors = st.sets(st.integers(0, 60), max_size=8)
    teams = [team for team, size in enumerate(sizes) for _ in range(size)]
    return {person: (team, draw(visitors)) for person, team in enumerate(teams)}


def crowds_of(world: dict[int, tuple[int, set[int]]]) -> Iterator[Crowd]:
    for team in sorted({team for team, _ in world.values()}):
        members = {person: brought for person, (their, brought) in world.items() if their == team}
        visits = sorted(visitor for brought in members.values() for visitor in brought)
        yield Crowd(team, f"team {team}", frozenset(members), len(members), len(visits), sketch_of(visits))


def everything_said(crowds: list[Crowd]) -> list[object]:
    """All figures of the page about these crowds."""
    return [
        [(one.key, one.name, one.shares, one.visits, one.visitors) for one in crowds],
        [(one.crowd.key, one.visitors, one.alone) for one in reaches(crowds)],
        sorted((str((one.first.key, one.second.key)), one.both.estimate) for one in overlaps(crowds)),
    ]


@settings(max_examples=60)
@given(worlds(), st.randoms(use_true_random=False))
def test_who_of_a_crowd_brought_whom_changes_nothing_that_is_said(world, chance) -> None:  # type: ignore[no-untyped-def]
    """Deal the visitors of each shown crowd out anew among its five ambassadors or more: the page says the same.

    So whatever is computed from the page, sums and differences included, cannot tell one of them from another.
    """
    shown = gathered(crowds_of(world))
    dealt = dict(world)
    for one in shown:
        people = sorted(one.people)
        others = [world[person][1] for person in people]
        chance.shuffle(others)
        for person, brought in zip(people, others, strict=True):
            dealt[person] = (world[person][0], brought)
    again = gathered(crowds_of(dealt))

    assert everything_said(sorted(again, key=key_of)) == everything_said(sorted(shown, key=key_of))
    assert all(len(one.people) >= 5 for one in shown)


def key_of(one: Crowd) -> str:
    return str(one.key)


@given(worlds())
def test_what_is_shown_leaves_out_nobody_or_everybody(world: dict[int, tuple[int, set[int]]]) -> None:
    """A total less what is shown gives nothing away, in people and in visitors."""
    crowds = list(crowds_of(world))
    shown = gathered(crowds)

    if shown:
        assert frozenset().union(*(one.people for one in shown)) == frozenset(world)
        everybody = estimate(union(one.sketch for one in crowds))
        assert estimate(union(one.sketch for one in shown)) == everybody
        assert all(not one.people & two.people for one, two in combinations(shown, 2))


# --- people against the company's page -----------------------------------------------------------------------------
def matched(story: int, visitors: float = 60, company: float = 10, sharers: int = 6) -> Matched:
    return Matched(story, ambassadors(0, sharers), 6, visitors + story % 3, 1, company + story % 2)


def test_nothing_is_compared_before_eight_stories() -> None:
    assert compared(map(matched, range(7))) == Comparison(7, 42, 7)
    assert compared(map(matched, range(7))).missing_stories == 1
    assert compared(map(matched, range(8))).ratio is not None


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


# --- what networks report ------------------------------------------------------------------------------------------
def test_impressions_are_a_range_of_people() -> None:
    assert reported([300, 120, 80]) == Reported(3, 300, 500)
    assert reported([300]) == Reported(1, 300, 300)
    assert reported([]) == Reported(0, 0, 0)
