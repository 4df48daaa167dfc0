"""Who reached most people, of many: the widest keys of a dimension in any period, without looking at all of them.

Roll-ups stand sorted by visitors in each month and day (`Crowd`). The first of each are added up: people who came on
several days are several there, so that is the most that a key can have reached. The most promising keys are then looked
at closely, and after them whoever can still be one of the widest (after Fagin, Lotem and Naor, 2003: the threshold
algorithm).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from portevoix.analytics import rollups, selecting
from portevoix.analytics.models import Dimension
from portevoix.analytics.period import Period
from portevoix.analytics.rollups import Apart
from portevoix.analytics.spans import Parts
from portevoix.analytics.visitors import Visitors

FEW: Final = 64  # keys that are all looked at
_FIRST: Final = 2  # times what is asked for are looked at first
# How deep each month and each day is read, in times what is asked for; a day adds less to what a key can have reached.
_MONTH_DEPTH: Final = 32
_DAY_DEPTH: Final = 8
_KEYS: Final = 16  # times what is asked for are added up
_DEEPER: Final = 8
_MARGIN: Final = 1.04  # by which a union may be estimated above the sum of its parts


@dataclass(frozen=True)
class Ranked:
    """A key and the unique visitors under it."""

    key: int
    visitors: Visitors


def widest(
    dimension: Dimension, period: Period, count: int, among: Collection[int] | None = None
) -> list[Ranked]:
    """The `count` keys of a dimension that reached most people in the period, the widest first; `among` some alone."""
    known: dict[int, Visitors] = {}
    apart = rollups.told_apart(period)
    if among is not None and len(among) <= FEW:
        _look_at(among, dimension, apart, known)
        return _best(known, count)
    depth = count
    while True:
        promises, rest = _promises(dimension, apart.parts, depth)
        chosen = [one for one in promises if among is None or one[0] in among]
        few = _FIRST * count
        _look_at([key for key, _most in chosen[:few]], dimension, apart, known)
        least = _least(known, count)
        _look_at([key for key, most in chosen[few:] if most * _MARGIN > least], dimension, apart, known)
        if rest * _MARGIN <= _least(known, count):
            return _best(known, count)
        depth *= _DEEPER


def _least(known: dict[int, Visitors], count: int) -> int:
    """How many people the last of the widest reached; nobody while there are fewer of them than are asked for."""
    best = _best(known, count)
    return best[-1].visitors.high if len(best) == count else 0


def _look_at(keys: Collection[int], dimension: Dimension, apart: Apart, known: dict[int, Visitors]) -> None:
    unknown = [key for key in keys if key not in known]
    known.update({key: one for (key, _), one in rollups.visitors(dimension, apart, unknown).items()})


def _best(known: dict[int, Visitors], count: int) -> list[Ranked]:
    ranked = sorted(known.items(), key=lambda one: (-one[1].high, one[0]))
    return [Ranked(key, visitors) for key, visitors in ranked[:count]]


def _promises(dimension: Dimension, parts: Parts, depth: int) -> tuple[list[tuple[int, int]], int]:
    """At most how many people each of the most promising keys reached, best first; and at most how many any other did.

    A key that is not among the first of a month or day may stand there just below the last that was read.
    """
    months, days = selecting.months_of(parts), selecting.days_of(parts)
    floors = dict.fromkeys([*months, *days], 0)
    floors |= selecting.visitors_at(dimension, months, _MONTH_DEPTH * depth)
    floors |= selecting.visitors_at(dimension, days, _DAY_DEPTH * depth)
    floor, limit = sum(floors.values()), _KEYS * depth
    promises = [(key, floor + above) for key, above in selecting.widest_above(dimension, floors, limit)]
    return promises, promises[-1][1] if len(promises) == limit else floor
