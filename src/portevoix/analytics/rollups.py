"""Reading roll-ups: clicks and unique visitors of any period, by any of their dimensions, in milliseconds at any size.

A period is read as whole months and the days at its edges (`spans.parts_of`). Visitors are told apart as long as their
secret lives: within one of its lives they are people, once each; over several, nobody can know who came back.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet, Sum

from portevoix.analytics import sketches, spans
from portevoix.analytics.models import Crowd, Dimension, MonthToFold, Span, Tally
from portevoix.analytics.period import Period
from portevoix.analytics.spans import Parts
from portevoix.analytics.visitors import Visitors
from portevoix.core.tenancy import organisation_in_force
from portevoix.links.queries import visitor_periods

Cell = tuple[int, int]  # key and sub
ALL: Final = (0,)
_PER_QUERY: Final = 400


@dataclass(frozen=True)
class Counts:
    """Clicks by what they were."""

    people: int = 0
    repeats: int = 0
    previews: int = 0
    robots: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.people + other.people,
            self.repeats + other.repeats,
            self.previews + other.previews,
            self.robots + other.robots,
        )


# --- clicks --------------------------------------------------------------------------------------------------------
def counts(dimension: Dimension, period: Period, keys: Collection[int] | None = None) -> dict[Cell, Counts]:
    """The clicks of the period under each key and sub of a dimension; of some keys alone, if they are named."""
    found: dict[Cell, Counts] = defaultdict(Counts)
    sums = [
        rows.order_by()
        .values_list("key", "sub")
        .annotate(Sum("people"), Sum("repeats"), Sum("previews"), Sum("robots"))
        for rows in _rows(Tally.objects, dimension, _parts(period), keys)
    ]
    for key, sub, *each in _in_one_query(sums):
        found[key, sub] += Counts(*each)
    return dict(found)


def by_key(cells: dict[Cell, Counts]) -> dict[int, Counts]:
    """The same clicks by key alone."""
    found: dict[int, Counts] = defaultdict(Counts)
    for (key, _sub), count in cells.items():
        found[key] += count
    return dict(found)


def total(dimension: Dimension, period: Period, keys: Collection[int] | None = ALL) -> Counts:
    """The clicks of the period under some keys together; of everybody's links for `Dimension.ALL`."""
    return sum(counts(dimension, period, keys).values(), Counts())


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
    found: dict[int, Counts] = defaultdict(Counts)
    for some in _portions(sorted(keys)):
        # Keys are looked up time by time: rows stand in the order of time.
        rows = Tally.objects.filter(span=span, dimension=dimension, key__in=some)
        rows = (
            rows.filter(at__gte=since, at__lte=until)
            if dimension == Dimension.ALL
            else rows.filter(at__in=range(since, until + 1))
        )
        for at, *each in rows.values_list("at", "people", "repeats", "previews", "robots"):
            found[at] += Counts(*each)
    return dict(found)


# --- people --------------------------------------------------------------------------------------------------------
def visitors(
    dimension: Dimension,
    period: Period,
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
    period: Period,
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
    period: Period,
    keys: Collection[int] | None = ALL,
    subs: Collection[int] | None = None,
) -> Visitors:
    """The unique visitors of the period under any of some keys (and subs), each person once."""
    return _visitors(sketches_together(dimension, period, keys, subs))


def sketches_together(
    dimension: Dimension,
    period: Period,
    keys: Collection[int] | None = ALL,
    subs: Collection[int] | None = None,
) -> dict[int, list[bytes]]:
    """The sketches of everybody under any of some keys (and subs), by life of the secret: what unions are made of."""
    lives: dict[int, list[bytes]] = defaultdict(list)
    for (_key, sub), life, sketch in _sketches(dimension, period, keys):
        if subs is None or sub in subs:
            lives[life].append(sketch)
    return dict(lives)


def _visitors(lives: dict[int, list[bytes]]) -> Visitors:
    return Visitors(tuple(sketches.estimate(sketches.union(lives[life])) for life in sorted(lives)))


def _sketches(
    dimension: Dimension, period: Period, keys: Collection[int] | None
) -> Iterator[tuple[Cell, int, bytes]]:
    """Every sketch of the period, with its cell and the life of the secret it belongs to, by its number."""
    lives = _lives(period)
    rows = _rows(Crowd.objects, dimension, _parts(period, lives), keys)
    queries = [some.order_by().values_list("span", "at", "key", "sub", "sketch") for some in rows]
    beginnings = [first for first, _last in lives]
    for span, at, key, sub, sketch in _in_one_query(queries):
        day = spans.first_day(at) if span == Span.MONTH else at
        yield (key, sub), bisect_right(beginnings, day), bytes(sketch)


def _lives(period: Period) -> list[tuple[int, int]]:
    """The first and last day of each life of the secret that the period touches."""
    found = visitor_periods(organisation_in_force(), period.since, period.until)
    return [(spans.day_number(one.first), spans.day_number(one.last)) for one in found]


def parts_told_apart(period: Period) -> Parts:
    """The parts of a period in each of which a visitor is told apart."""
    return _parts(period, _lives(period))


# --- rows ----------------------------------------------------------------------------------------------------------
def _parts(period: Period, lives: Sequence[tuple[int, int]] | None = None) -> Parts:
    """The period as whole months and days; months in which the secret changed by days, where visitors are to be told
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


def _rows(
    rows: "QuerySet[Any]", dimension: Dimension, parts: Parts, keys: Collection[int] | None
) -> Iterator["QuerySet[Any]"]:
    """The rows of a dimension that make up the period, a query for each stretch of them."""
    rows = rows.filter(dimension=dimension)
    if keys is None:
        if parts.months:
            yield rows.filter(span=Span.MONTH, at__in=parts.months)
        for first, last in parts.days:
            yield rows.filter(span=Span.DAY, at__gte=first, at__lte=last)
        return
    for some in _portions(sorted(keys)):
        # Rows stand in the order of time: a key is looked up in each month and day by itself.
        if parts.months:
            yield rows.filter(span=Span.MONTH, at__in=parts.months, key__in=some)
        if days := parts.day_numbers:
            yield rows.filter(span=Span.DAY, at__in=days, key__in=some)


def _in_one_query(queries: Sequence["QuerySet[Any]"]) -> Iterable[Any]:
    """What several queries give, whose parts each find their rows by the primary key."""
    if len(queries) < 2:
        return queries[0] if queries else ()
    return queries[0].union(*queries[1:], all=True)


def _portions(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[start : start + _PER_QUERY] for start in range(0, len(keys), _PER_QUERY))
