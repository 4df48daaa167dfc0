"""An estimate with its 95 % interval, and the arithmetic on such intervals. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, hypot

_HALF = 0.5


@dataclass(frozen=True)
class Interval:
    """About `estimate`, and with 95 % confidence between `low` and `high`, both included."""

    low: float
    estimate: float
    high: float

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    def holds(self, value: float) -> bool:
        """Whether the value may be the true one."""
        return self.low <= value <= self.high

    def widened(self, factor: float) -> "Interval":
        """As many times wider, on each side of the estimate."""
        down, up = self.estimate - self.low, self.high - self.estimate
        return Interval(self.estimate - factor * down, self.estimate, self.estimate + factor * up)


NOTHING = Interval(0, 0, 0)


def exactly(value: float) -> Interval:
    """A value that was counted, not estimated."""
    return Interval(value, value, value)


def whole(interval: Interval) -> Interval:
    """In whole people: rounded outwards, so that it is never surer than it was; narrower than half a person is exact."""
    if interval.high - interval.low < _HALF:
        return exactly(round(interval.estimate))
    return Interval(floor(interval.low), round(interval.estimate), ceil(interval.high))


def total(added: Iterable[Interval], removed: Iterable[Interval] = ()) -> Interval:
    """The sum of the ones less the sum of the others.

    Errors add as the sides of right angles do, the low side of what is removed widening the high side of the result.
    """
    plus, minus = list(added), list(removed)
    estimate = sum(one.estimate for one in plus) - sum(one.estimate for one in minus)
    down = hypot(*(one.estimate - one.low for one in plus), *(one.high - one.estimate for one in minus))
    up = hypot(*(one.high - one.estimate for one in plus), *(one.estimate - one.low for one in minus))
    return Interval(estimate - down, estimate, estimate + up)
