"""The rows of roll-ups that make up a period, found by their primary key in one statement, whatever the database.

Rows stand in the order of time (`Tally`, `Crowd`): all keys of a stretch of days stand together; a key by itself is
looked up in each month and day.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from django.db import connection

from portevoix.analytics.models import Crowd, Dimension, Span, Tally
from portevoix.analytics.spans import Parts
from portevoix.core.tenancy import organisation_in_force

_KEYS_AT_ONCE: Final = 400
_TERMS_AT_ONCE: Final = 100  # parts of one statement; SQLite takes five hundred
Term = tuple[str, list[int]]  # a condition, and its values


def sums_of(dimension: Dimension, parts: Parts, keys: Collection[int] | None) -> list[tuple[int, ...]]:
    """Key, sub and the four counts of each cell that has clicks in those parts."""
    names = ("people", "repeats", "previews", "robots")
    added = ", ".join(f"CAST(SUM({name}) AS BIGINT)" for name in names)
    select = f"SELECT key, sub, {', '.join(names)} FROM {Tally._meta.db_table}"  # noqa: S608  names of our own
    whole = f"SELECT key, sub, {added} FROM ({{rows}}) parts GROUP BY key, sub"  # noqa: S608
    return _read(select, whole, dimension, _terms(parts, keys))


def sketches_of(dimension: Dimension, parts: Parts, keys: Collection[int] | None) -> list[tuple[Any, ...]]:
    """Span, at, key, sub and sketch of each row of those parts."""
    select = f"SELECT span, at, key, sub, sketch FROM {Crowd._meta.db_table}"  # noqa: S608
    return _read(select, "{rows}", dimension, _terms(parts, keys))


def times_of(
    span: Span, dimension: Dimension, since: int, until: int, keys: Sequence[int]
) -> list[tuple[int, ...]]:
    """`at` and the four counts of each row of some keys from one time to another, both in."""
    select = f"SELECT at, people, repeats, previews, robots FROM {Tally._meta.db_table}"  # noqa: S608
    times = range(since, until + 1)
    terms = (_one_by_one(span, times, some) for some in _portions(sorted(keys), _KEYS_AT_ONCE))
    return _read(select, "{rows}", dimension, terms)


def widest_of(dimension: Dimension, parts: Parts, depth: int) -> list[tuple[int, ...]]:
    """Span, at, key and visitors of the first `depth` keys of each month and day, the widest first."""
    whens = [(Span.MONTH, month) for month in parts.months] + [(Span.DAY, day) for day in parts.day_numbers]
    select = f"SELECT * FROM (SELECT span, at, key, visitors FROM {Crowd._meta.db_table}"  # noqa: S608
    terms = ((f"span = {int(span)} AND at = %s", [at]) for span, at in whens)
    return _read(select, "{rows}", dimension, terms, f" ORDER BY visitors DESC LIMIT {int(depth)}) part")


def _terms(parts: Parts, keys: Collection[int] | None) -> Iterator[Term]:
    if keys is not None:
        for some in _portions(sorted(keys), _KEYS_AT_ONCE):
            yield from (
                _one_by_one(span, times, some)
                for span, times in ((Span.MONTH, parts.months), (Span.DAY, parts.day_numbers))
                if times
            )
        return
    for month in parts.months:
        yield f"span = {int(Span.MONTH)} AND at = %s", [month]
    for first, last in parts.days:
        yield f"span = {int(Span.DAY)} AND at BETWEEN %s AND %s", [first, last]


def _one_by_one(span: Span, times: Sequence[int], keys: Sequence[int]) -> Term:
    marks = [", ".join(["%s"] * len(many)) for many in (times, keys)]
    return f"span = {int(span)} AND at IN ({marks[0]}) AND key IN ({marks[1]})", [*times, *keys]


def _read(
    select: str, whole: str, dimension: Dimension, terms: Iterator[Term], end: str = ""
) -> list[tuple[Any, ...]]:
    """What the select gives under each of the terms, all together, within the organisation in force."""
    head = f"{select} WHERE organisation_id = %s AND dimension = %s AND "
    rows: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for some in _portions(list(terms), _TERMS_AT_ONCE):
            statements = [f"{head}{condition}{end}" for condition, _values in some]
            values: list[int] = []
            for _condition, own in some:
                values += [organisation_in_force(), int(dimension), *own]
            cursor.execute(whole.format(rows=" UNION ALL ".join(statements)), values)
            rows += cursor.fetchall()
    return rows


def _portions(things: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (things[start : start + size] for start in range(0, len(things), size))
