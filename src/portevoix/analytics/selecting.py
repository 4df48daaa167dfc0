"""The rows of roll-ups that make up a period, found by an index in one statement, whatever the database.

Clicks (`Tally`) stand in the order of time: all keys of a stretch of days stand together; a key by itself is looked up
in each month and day. Visitors (`Crowd`) stand both ways: a key's own together, and by time the widest first.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import connection

from portevoix.analytics.models import Crowd, Dimension, Span, Tally
from portevoix.analytics.spans import Parts
from portevoix.core.tenancy import organisation_in_force

_KEYS_AT_ONCE: Final = 400
_TERMS_AT_ONCE: Final = 100  # parts of one statement; SQLite takes five hundred
Term = tuple[str, list[int]]  # a condition, and its values
Time = tuple[Span, int]  # a month or a day


def sums_of(dimension: Dimension, parts: Parts, keys: Collection[int] | None) -> list[tuple[int, ...]]:
    """Key, sub and the four counts of each cell that has clicks in those parts."""
    names = ("people", "repeats", "previews", "robots")
    added = ", ".join(f"CAST(SUM({name}) AS BIGINT)" for name in names)
    table = Tally._meta.db_table
    if keys is None:
        statement = f"SELECT key, sub, {added} FROM {{joined}} WHERE {{ours}} GROUP BY key, sub"  # noqa: S608
        return _read_joined(statement, table, dimension, [*months_of(parts), *days_of(parts)])
    select = f"SELECT key, sub, {', '.join(names)} FROM {table}"  # noqa: S608  names of our own
    whole = f"SELECT key, sub, {added} FROM ({{rows}}) parts GROUP BY key, sub"  # noqa: S608
    return _read(select, whole, dimension, _keys_at_each_time(parts, keys))


def sketches_of(dimension: Dimension, parts: Parts, keys: Collection[int] | None) -> list[tuple[Any, ...]]:
    """Span, at, key, sub and sketch of each row of those parts."""
    select = f"SELECT span, at, key, sub, sketch FROM {Crowd._meta.db_table}"  # noqa: S608
    terms = _all_keys(parts) if keys is None else _keys_in_stretches(parts, keys)
    return _read(select, "{rows}", dimension, terms)


def times_of(
    span: Span, dimension: Dimension, since: int, until: int, keys: Sequence[int]
) -> list[tuple[int, ...]]:
    """`at` and the four counts of each row of some keys from one time to another, both in."""
    select = f"SELECT at, people, repeats, previews, robots FROM {Tally._meta.db_table}"  # noqa: S608
    times = range(since, until + 1)
    terms = (_one_by_one(span, times, some) for some in _portions(sorted(keys), _KEYS_AT_ONCE))
    return _read(select, "{rows}", dimension, terms)


def visitors_at(dimension: Dimension, times: Sequence[Time], depth: int) -> dict[Time, int]:
    """Of each time that has more than `depth` keys, the visitors of the first one below them, the widest first."""
    select = f"SELECT * FROM (SELECT span, at, visitors FROM {Crowd._meta.db_table}"  # noqa: S608
    terms = ((f"span = {int(span)} AND at = %s", [at]) for span, at in times)
    end = f" ORDER BY visitors DESC LIMIT 1 OFFSET {int(depth)}) part"
    return {
        (Span(span), at): visitors for span, at, visitors in _read(select, "{rows}", dimension, terms, end)
    }


def widest_above(dimension: Dimension, floors: Mapping[Time, int], count: int) -> list[tuple[int, int]]:
    """The `count` keys with most visitors above the floor of each time, all times added up, and how many."""
    above = "CAST(SUM(visitors - part.floor) AS BIGINT) AS above"
    end = f"GROUP BY key ORDER BY above DESC, key LIMIT {int(count)}"
    statement = f"SELECT key, {above} FROM {{joined}} AND visitors > part.floor WHERE {{ours}} {end}"  # noqa: S608
    rows = [(*time, floor) for time, floor in floors.items()]
    return [(key, above) for key, above in _read_joined(statement, Crowd._meta.db_table, dimension, rows)]


def months_of(parts: Parts) -> list[Time]:
    """The months of a period."""
    return [(Span.MONTH, month) for month in parts.months]


def days_of(parts: Parts) -> list[Time]:
    """The days of a period that are in none of its months."""
    return [(Span.DAY, day) for day in parts.day_numbers]


def _all_keys(parts: Parts) -> Iterator[Term]:
    for month in parts.months:
        yield f"span = {int(Span.MONTH)} AND at = %s", [month]
    for first, last in parts.days:
        yield f"span = {int(Span.DAY)} AND at BETWEEN %s AND %s", [first, last]


def _keys_at_each_time(parts: Parts, keys: Collection[int]) -> Iterator[Term]:
    for some in _portions(sorted(keys), _KEYS_AT_ONCE):
        yield from (
            _one_by_one(span, times, some)
            for span, times in ((Span.MONTH, parts.months), (Span.DAY, parts.day_numbers))
            if times
        )


def _keys_in_stretches(parts: Parts, keys: Collection[int]) -> Iterator[Term]:
    stretches = [(Span.MONTH, *months) for months in parts.month_stretches]
    stretches += [(Span.DAY, *days) for days in parts.days]
    for some in _portions(sorted(keys), _KEYS_AT_ONCE):
        marks = ", ".join(["%s"] * len(some))
        for span, first, last in stretches:
            yield f"span = {int(span)} AND key IN ({marks}) AND at BETWEEN %s AND %s", [*some, first, last]


def _one_by_one(span: Span, times: Sequence[int], keys: Sequence[int]) -> Term:
    marks = [", ".join(["%s"] * len(many)) for many in (times, keys)]
    return f"span = {int(span)} AND at IN ({marks[0]}) AND key IN ({marks[1]})", [*times, *keys]


def _read_joined(
    statement: str, table: str, dimension: Dimension, parts: Sequence[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    """What the statement gives of the rows of some times: span, at and perhaps a floor each.

    Joined to a list of times a database adds rows up as it finds them; parts put together it would sort first.
    """
    if not parts:
        return []
    width = len(parts[0])
    names = ", ".join(("span", "at", "floor")[:width])
    rows = ", ".join([f"({', '.join(['%s'] * width)})"] * len(parts))
    joined = f"part JOIN {table} ON {table}.span = part.span AND {table}.at = part.at"
    ours = f"organisation_id = {int(organisation_in_force())} AND dimension = {int(dimension)}"
    whole = f"WITH part ({names}) AS (VALUES {rows}) {statement.format(joined=joined, ours=ours)}"
    with connection.cursor() as cursor:
        cursor.execute(whole, [int(value) for part in parts for value in part])
        return list(cursor.fetchall())


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
