"""Intervals: what is added and removed, and what whole people make of it."""

from hypothesis import given
from hypothesis import strategies as st

from portevoix.analytics.intervals import Interval, exactly, total, whole

amounts = st.floats(0, 1e6)
intervals = st.builds(lambda e, down, up: Interval(e - down, e, e + up), amounts, amounts, amounts)


def test_exact_values_add_up_exactly() -> None:
    assert total([exactly(3), exactly(4)], [exactly(5)]) == exactly(2)


def test_errors_add_as_sides_of_right_angles() -> None:
    assert total([Interval(7, 10, 13)], [Interval(1, 5, 9)]) == Interval(0, 5, 10)


def test_the_low_side_of_what_is_removed_widens_the_high_side() -> None:
    assert total([exactly(10)], [Interval(1, 5, 6)]) == Interval(4, 5, 9)


@given(st.lists(intervals, max_size=4), st.lists(intervals, max_size=4))
def test_a_sum_is_never_surer_than_its_parts(added: list[Interval], removed: list[Interval]) -> None:
    result = total(added, removed)
    widths = [one.high - one.low for one in [*added, *removed]]

    assert result.low <= result.estimate <= result.high
    assert result.high - result.low >= max(widths, default=0) / 2 - 1e-6


def test_widening_leaves_the_estimate() -> None:
    assert Interval(8, 10, 14).widened(1.5) == Interval(7, 10, 16)


def test_whole_people_are_rounded_outwards() -> None:
    assert whole(Interval(96.7, 99.8, 103.2)) == Interval(96, 100, 104)


def test_less_than_half_a_person_is_exact() -> None:
    assert whole(Interval(300.0, 300.0002, 300.03)) == exactly(300)
    assert exactly(3).is_exact
    assert not Interval(1, 2, 3).is_exact
