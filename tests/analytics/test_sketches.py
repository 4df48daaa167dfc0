"""Unique visitors from few bytes: exact while they are few, within the stated interval when they are many."""

import random
import subprocess
import sys

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.analytics.intervals import NOTHING, Interval, exactly
from portevoix.analytics.sketches import EMPTY, DamagedSketch, add, estimate, sketch_of, union

hashes = st.lists(st.integers(0, 2**64 - 1), max_size=300)


def people(count: int, seed: int) -> numpy.ndarray:
    return numpy.random.default_rng(seed).integers(0, 2**64, count, dtype=numpy.uint64)


def test_nobody_takes_no_bytes() -> None:
    assert sketch_of([]) == EMPTY
    assert add(EMPTY, []) == EMPTY
    assert union([]) == EMPTY
    assert union([EMPTY, EMPTY]) == EMPTY
    assert estimate(EMPTY) == NOTHING


@given(hashes)
def test_few_visitors_are_counted_exactly(visitors: list[int]) -> None:
    assert estimate(sketch_of([*visitors, *visitors])) == exactly(len(set(visitors)))


@given(st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=60), max_size=5))
def test_few_visitors_of_a_union_are_counted_exactly(groups: list[list[int]]) -> None:
    everybody = {visitor for group in groups for visitor in group}

    assert estimate(union(sketch_of(group) for group in groups)) == exactly(len(everybody))


def test_the_largest_hashes_are_told_apart() -> None:
    assert estimate(sketch_of([2**64 - 1, 2**64 - 2, 2**63, 2**63 + 1, 2**63 - 1, 0])) == exactly(6)


def test_arrays_and_numbers_make_the_same_sketch() -> None:
    visitors = people(5_000, seed=1)

    assert sketch_of(visitors) == sketch_of(visitors.tolist())
    assert sketch_of(visitors[::2]) == sketch_of(visitors[::2].tolist())


def test_adding_piece_by_piece_is_adding_at_once() -> None:
    visitors = people(5_000, seed=2)

    blob = EMPTY
    for piece in numpy.array_split(visitors, 7):
        blob = add(blob, piece)

    assert blob == sketch_of(visitors)


def test_whoever_came_before_changes_nothing() -> None:
    visitors = people(20_000, seed=3)
    blob = sketch_of(visitors)

    assert add(blob, visitors[:500]) == blob
    assert add(blob, []) == blob


def test_a_union_of_one_keeps_its_narrow_interval() -> None:
    blob = sketch_of(people(20_000, seed=4))

    assert union([EMPTY, blob]) == blob


def test_a_union_counts_whoever_came_twice_once() -> None:
    visitors = people(30_000, seed=5)
    parts = [sketch_of(visitors[start : start + 12_000]) for start in range(0, 20_000, 3_000)]

    together = estimate(union(parts))

    assert together.holds(30_000)
    assert together.high - together.low < 0.08 * 30_000


def test_a_union_says_the_same_in_whatever_order() -> None:
    parts = [sketch_of(people(count, seed=count)) for count in (3, 40, 900, 7_000, 30_000)]
    shuffled = random.Random(6).sample(parts, len(parts))

    assert estimate(union(parts)) == estimate(union(shuffled))
    assert estimate(union([union(parts[:2]), union(parts[2:])])) == estimate(union(parts))


def test_intervals_cover_the_truth() -> None:
    """The bench holds more sizes to it, in more trials."""
    trials = [people(4_000, seed) for seed in range(300)]
    alone = sum(estimate(sketch_of(one)).holds(4_000) for one in trials)
    halves = ([sketch_of(one[:2_500]), sketch_of(one[1_500:])] for one in trials)
    united = sum(estimate(union(pair)).holds(4_000) for pair in halves)

    assert min(alone, united) >= 0.95 * len(trials)


@pytest.mark.parametrize(
    ("count", "most_bytes"), [(1, 12), (3, 20), (10, 52), (100, 412), (1_000, 2_100), (100_000, 2_200)]
)
def test_a_sketch_is_small(count: int, most_bytes: int) -> None:
    assert len(sketch_of(people(count, seed=7))) <= most_bytes


@pytest.mark.parametrize("visitors", [3, 60, 300, 20_000])
def test_cut_or_foreign_bytes_are_refused(visitors: int) -> None:
    blob = sketch_of(people(visitors, seed=8))

    for damaged in (blob[:-1], blob[:5], b"\x00" * 40, b"no sketch at all"):
        with pytest.raises(DamagedSketch):
            estimate(damaged)
        with pytest.raises(DamagedSketch):
            union([blob, damaged])


def test_another_size_of_sketch_is_refused() -> None:
    import datasketches

    other = datasketches.hll_sketch(10)
    other.update(1)

    with pytest.raises(DamagedSketch):
        estimate(other.serialize_compact())


def test_nothing_is_loaded_before_the_first_sketch() -> None:
    asked = "import sys, portevoix.analytics.sketches as s; s.union([b'']); print('numpy' in sys.modules)"

    assert subprocess.check_output([sys.executable, "-c", asked], text=True) == "False\n"


def test_an_estimate_is_in_whole_people() -> None:
    about = estimate(sketch_of(people(20_000, seed=9)))

    assert about == Interval(int(about.low), int(about.estimate), int(about.high))
    assert about.low < about.estimate < about.high
