"""Who reached most people, of many: the widest keys of a dimension in any period, without looking at all of them.

Roll-ups stand sorted by visitors in each month and day (`Crowd`). The first of each are read; what they add up to is at
least what a key can have reached, since people who came on several days are several there. Keys are then looked at
closely, the most promising first, until none that is left can be better (after Fagin, Lotem and Naor, 2003: the
threshold algorithm).
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from portevoix.analytics import rollups, selecting
from portevoix.analytics.models import Dimension
from portevoix.analytics.period import Period
from portevoix.analytics.spans import Parts
from portevoix.analytics.visitors import Visitors

AT_ONCE: Final = 64
_DEEPER: Final = 8


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
    if among is not None and len(among) <= AT_ONCE:
        _look_at(among, dimension, period, known)
        return _best(known, count)
    parts = rollups.parts_told_apart(period)
    depth = 2 * count
    while True:
        most, rest = _promises(dimension, parts, depth)
        if among is not None:
            most = {key: promised for key, promised in most.items() if key in among}
        found = _look_closely(dimension, period, count, most, rest, known)
        if found is not None:
            return found
        depth *= _DEEPER


def _look_closely(
    dimension: Dimension,
    period: Period,
    count: int,
    most: dict[int, int],
    rest: int,
    known: dict[int, Visitors],
) -> list[Ranked] | None:
    """The widest, or None when a key that was not read could be one of them. `known` is what was looked at already."""
    promising = sorted(most, key=lambda key: (-most[key], key))
    for start in range(0, len(promising), AT_ONCE):
        best = _best(known, count)
        if len(best) == count and best[-1].visitors.high >= most[promising[start]]:
            break
        some = [key for key in promising[start : start + AT_ONCE] if key not in known]
        _look_at(some, dimension, period, known)
    best = _best(known, count)
    return best if rest == 0 or (len(best) == count and best[-1].visitors.high >= rest) else None


def _look_at(keys: Collection[int], dimension: Dimension, period: Period, known: dict[int, Visitors]) -> None:
    known.update({key: one for (key, _), one in rollups.visitors(dimension, period, keys).items()})


def _best(known: dict[int, Visitors], count: int) -> list[Ranked]:
    ranked = sorted(known.items(), key=lambda one: (-one[1].high, one[0]))
    return [Ranked(key, visitors) for key, visitors in ranked[:count]]


def _promises(dimension: Dimension, parts: Parts, depth: int) -> tuple[dict[int, int], int]:
    """At most how many people each key among the first `depth` of a part reached; and at most how many any other key.

    A key that is not among the first of a part may stand there just below the last that was read.
    """
    rows = selecting.widest_of(dimension, parts, depth)
    sizes = Counter((span, at) for span, at, _key, _visitors in rows)
    last = {(span, at): visitors for span, at, _key, visitors in rows if sizes[span, at] == depth}
    rest = sum(last.values())
    most: dict[int, int] = defaultdict(lambda: rest)
    for span, at, key, visitors in rows:
        most[key] += visitors - last.get((span, at), 0)
    return dict(most), rest
