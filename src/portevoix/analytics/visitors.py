"""How many different people came, as far as that can be known. Pure.

Visitors are told apart as long as their secret lives (`links.visitors`). Within one life they are people, once each, with
an interval; over several lives nobody can know who came back: there were at least as many as in the fullest one, and at
most all of them together.
"""

from dataclasses import dataclass
from typing import Final

from portevoix.analytics.intervals import Interval


@dataclass(frozen=True)
class Visitors:
    """Unique visitors: one interval for each life of the secret that they were told apart by, the earliest first."""

    lives: tuple[Interval, ...] = ()

    @property
    def low(self) -> int:
        """At least so many: those of the life that saw most."""
        return max((round(life.estimate) for life in self.lives), default=0)

    @property
    def high(self) -> int:
        """At most so many: if nobody came back in another life of the secret."""
        return sum(round(life.estimate) for life in self.lives)

    @property
    def is_range(self) -> bool:
        """Whether more than one number is true."""
        return self.low != self.high

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval, where there is one number to give it for."""
        return self.lives[0] if len(self.lives) == 1 else None

    def __bool__(self) -> bool:
        return self.high > 0


NOBODY: Final = Visitors()
