"""Reading roll-ups: clicks and unique visitors of any period, by any of their dimensions, in milliseconds at any size.

A period is read as whole months and the days at its edges (`spans.parts_of`). Visitors are told apart as long as their
secret lives: within one of its lives they are people, once each; over several, nobody can know who came back.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, Final, NamedTuple

from portevoix.analytics import selecting, sketches, spans
from portevoix.analytics.models import Dimension, MonthToFold, Span
from portevoix.analytics.period import Period
from portevoix.analytics.spans import Parts
from portevoix.analytics.visitors import Visitors
from portevoix.core.tenancy import organisation_in_force
from portevoix.links.queries import visitor_periods

Cell = tuple[int, int]  # key and sub
Days = Period | Sequence[Period]  # one period, or several that are apart
ALL: Final = (0,)


@dataclass(frozen=True)
class Apart:
    """A period as parts in each of which visitors are told apart, and the day each life of their secret began."""

    parts: Parts
    beginnings: Sequence[int]


class Counts(NamedTuple):
    """Clicks by what they were."""

    people: int = 0
    repeats: int = 0
    previews: int = 0
    robots: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*(one + another for one, another in zip(self, other, strict=True)))


# --- clicks --------------------------------------------------------------------------------------------------------
def counts(dimension: Dimension, period: Days, keys: Collection[int] | None = None) -> dict[Cell, Counts]:
    """The clicks of the period under each key and sub of a dimension; of some keys alone, if they are named."""
    found: dict[Cell, Counts] = {}
    for key, sub, *each in selecting.sums_of(dimension, _parts(period), keys):
        cell, count = (key, sub), Counts(*each)
        found[cell] = found[cell].plus(count) if cell in found else count
    return found


def by_key(cells: dict[Cell, Counts]) -> dict[int, Counts]:
    """The same clicks by key alone."""
    found: dict[int, Counts] = defaultdict(Counts)
    for (key, _sub), count in cells.items():
        found[key] = found[key].plus(count)
    return dict(found)


def total(dimension: Dimension, period: Days, keys: Collection[int] | None = ALL) -> Counts:
    """The clicks of the period under some keys together; of everybody's links for `Dimension.ALL`."""
    found = Counts()
    for count in counts(dimension, period, keys).values():
        found = found.plus(count)
    return found


def by_day(dimension: Dimension, period: Period, keys: Collection[int] = ALL) -> dict[date, Counts]:
    """The clicks of each day of the period that has some."""
    since, until = spans.day_number(period.since), spans.day_number(period.until)
    return {spans.day_of(at): count for at, count in _by_at(Span.DAY, dimension, since, until, keys).items()}


def by_hour(
    dimension: Dimension, period: Period, keys: Collection[int] = ALL
) -> dict[tuple[date, int], Counts]:
    """The clicks of each hour that has some, by day and hour of the organisation's clock; kept for a hundred days."""
    since, until = spans.day_number(period.since) * 24, spans.day_number(period.until) * 24 + 23
    found = _by_at(Span.HOUR, dimension, since, until, keys)
    return {(spans.day_of(at // 24), at % 24): count for at, count in found.items()}


def _by_at(
    span: Span, dimension: Dimension, since: int, until: int, keys: Collection[int]
) -> dict[int, Counts]:
    found: dict[int, Counts] = {}
    for at, *each in selecting.times_of(span, dimension, since, until, sorted(keys)):
        found[at] = found[at].plus(Counts(*each)) if at in found else Counts(*each)
    return found


# --- people --------------------------------------------------------------------------------------------------------
def visitors(
    dimension: Dimension,
    period: Days | Apart,
    keys: Collection[int] | None = None,
    group: Callable[[Cell], Any] = lambda cell: cell,
) -> dict[Any, Visitors]:
    """The unique visitors of the period by group of cells of a dimension, each cell by itself unless `group` says
    otherwise (None leaves a cell out); of some keys alone, if they are named.
    """
    found = sketches_by(dimension, period, group, keys)
    return {name: _visitors(lives) for name, lives in found.items()}


def sketches_by(
    dimension: Dimension,
    period: Days | Apart,
    group: Callable[[Cell], Any],
    keys: Collection[int] | None = None,
) -> dict[Any, dict[int, list[bytes]]]:
    """The sketches of the period by group of cells (None leaves a cell out) and life of the secret."""
    found: dict[Any, dict[int, list[bytes]]] = defaultdict(lambda: defaultdict(list))
    for cell, life, sketch in _sketches(dimension, period, keys):
        name = group(cell)
        if name is not None:
            found[name][life].append(sketch)
    return {name: dict(lives) for name, lives in found.items()}


def visitors_together(
    dimension: Dimension,
    period: Days,
    keys: Collection[int] | None = ALL,
) -> Visitors:
    """The unique visitors of the period under any of some keys, each person once."""
    return _visitors(sketches_together(dimension, period, keys))


def sketches_together(
    dimension: Dimension,
    period: Days,
    keys: Collection[int] | None = ALL,
) -> dict[int, list[bytes]]:
    """The sketches of everybody under any of some keys, by life of the secret: what unions are made of."""
    lives: dict[int, list[bytes]] = defaultdict(list)
    for _cell, life, sketch in _sketches(dimension, period, keys):
        lives[life].append(sketch)
    return dict(lives)


def daily_sketches(dimension: Dimension, period: Period) -> Iterator[tuple[date, Cell, int, bytes]]:
    """Every sketch of the period by days, in their order: the day, the cell, the life of the secret, the sketch."""
    since, until = spans.day_number(period.since), spans.day_number(period.until)
    beginnings = [first for first, _last in _lives(period)]
    rows = selecting.sketches_of(dimension, Parts((), ((since, until),)), None)
    for _span, day, key, sub, sketch in sorted(rows, key=itemgetter(1)):
        yield spans.day_of(day), (key, sub), bisect_right(beginnings, day), bytes(sketch)


def _visitors(lives: dict[int, list[bytes]]) -> Visitors:
    return Visitors(tuple(sketches.estimate(sketches.union(lives[life])) for life in sorted(lives)))


def _sketches(
    dimension: Dimension, period: Days | Apart, keys: Collection[int] | None
) -> Iterator[tuple[Cell, int, bytes]]:
    """Every sketch of the period, with its cell and the life of the secret it belongs to, by its number."""
    apart = period if isinstance(period, Apart) else told_apart(period)
    for span, at, key, sub, sketch in selecting.sketches_of(dimension, apart.parts, keys):
        day = spans.first_day(at) if span == Span.MONTH else at
        yield (key, sub), bisect_right(apart.beginnings, day), bytes(sketch)


def told_apart(period: Days) -> Apart:
    """How visitors of a period are told apart: asked once by whoever reads it several times."""
    lives = _lives(period)
    return Apart(_parts(period, lives), [first for first, _last in lives])


def runs_of(period: Days) -> Sequence[Period]:
    """The period, or the several that are apart, as a list."""
    return [period] if isinstance(period, Period) else period


def _lives(period: Days) -> list[tuple[int, int]]:
    """The first and last day of each life of the secret that the period touches."""
    runs = runs_of(period)
    if not runs:
        return []
    found = visitor_periods(organisation_in_force(), runs[0].since, runs[-1].until)
    return [(spans.day_number(one.first), spans.day_number(one.last)) for one in found]


# --- rows ----------------------------------------------------------------------------------------------------------
def _parts(period: Days, lives: Sequence[tuple[int, int]] | None = None) -> Parts:
    """The period as whole months and days."""
    parts = [_parts_of(one, lives) for one in runs_of(period)]
    return Parts(
        tuple(month for one in parts for month in one.months),
        tuple(days for one in parts for days in one.days),
    )


def _parts_of(period: Period, lives: Sequence[tuple[int, int]] | None) -> Parts:
    """Of one period, as whole months and days; months in which the secret changed by days, where visitors are to be told
    apart. What is still to be folded is asked only of a period that holds a month.
    """
    since, until = spans.day_number(period.since), spans.day_number(period.until)
    parts = spans.parts_of(since, until)
    if not parts.months:
        return parts
    asked = MonthToFold.objects.filter(month__in=parts.months).values_list("month", flat=True)
    divided = {month for month in parts.months if lives is not None and not _is_within(month, lives)}
    return spans.parts_of(since, until, unfolded=divided.union(asked))


def _is_within(month: int, lives: Sequence[tuple[int, int]]) -> bool:
    first, last = spans.first_day(month), spans.first_day(month + 1) - 1
    return any(begun <= first and last <= ended for begun, ended in lives)
