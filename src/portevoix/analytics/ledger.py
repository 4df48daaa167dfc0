"""Writing roll-ups: what a portion of clicks adds, into rows, by few statements. One writer at a time (`counting`).

SQLite is given rows one by one by a prepared statement, PostgreSQL whole columns at once: each is told in the way that is
quickest for it, and does the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.db import connection

from portevoix.analytics import sketches
from portevoix.analytics.models import Crowd, Tally
from portevoix.analytics.tallying import Heading, Portion

_KEY: Final = ("organisation_id", "span", "dimension", "at", "key", "sub")
_COUNTS: Final = ("people", "repeats", "previews", "robots")
_PER_QUERY: Final = 400
Row = tuple[Any, ...]


def add(portions: Iterable[Portion]) -> None:
    """Adds portions of clicks to the roll-ups, within the caller's transaction."""
    for portion in portions:
        _add_counts(portion)
        if len(portion.visitors):
            _add_visitors(portion)


def write_counts(rows: Sequence[Row]) -> None:
    """Adds counts to rows of `Tally`; a row is its key (organisation, span, dimension, at, key, sub) and four counts."""
    added = ", ".join(f"{name} = {Tally._meta.db_table}.{name} + excluded.{name}" for name in _COUNTS)
    _write(Tally._meta.db_table, (*_KEY, *_COUNTS), rows, added)


def write_sketches(rows: Sequence[Row]) -> None:
    """Writes rows of `Crowd`, in the place of those of the same key: the key, about how many visitors, the sketch."""
    replaced = "visitors = excluded.visitors, sketch = excluded.sketch"
    _write(Crowd._meta.db_table, (*_KEY, "visitors", "sketch"), rows, replaced)


def _add_counts(portion: Portion) -> None:
    head = _head(portion.heading)
    places, counts = portion.places.tolist(), portion.counts.tolist()
    write_counts([(*head, *place, *count) for place, count in zip(places, counts, strict=True)])


def _add_visitors(portion: Portion) -> None:
    head = _head(portion.heading)
    visitors = portion.visitors.view("int64").tolist()
    starts = [0, *portion.ends.tolist()]
    fresh = {
        place: (start, end)
        for place, start, end in zip(map(tuple, portion.places.tolist()), starts, starts[1:], strict=False)
        if end > start
    }
    known = dict(_known_sketches(portion.heading, list(fresh)))
    rows = []
    for place, (start, end) in fresh.items():
        sketch, count = sketches.add_signed(known.get(place, sketches.EMPTY), visitors[start:end])
        rows.append((*head, *place, count, sketch))
    write_sketches(rows)


def _known_sketches(heading: Heading, places: Sequence[Row]) -> Iterator[tuple[Row, bytes]]:
    """The sketches that these rows (at, key, sub) hold already."""
    by_time: dict[int, list[int]] = {}
    for at, key, _sub in places:
        by_time.setdefault(at, []).append(key)
    with connection.cursor() as cursor:
        for at, keys in by_time.items():
            for start in range(0, len(keys), _PER_QUERY):
                some = keys[start : start + _PER_QUERY]
                marks = ", ".join(["%s"] * len(some))
                cursor.execute(
                    f"SELECT key, sub, sketch FROM {Crowd._meta.db_table} WHERE organisation_id = %s"  # noqa: S608
                    f" AND span = %s AND dimension = %s AND at = %s AND key IN ({marks})",
                    [*_head(heading), at, *some],
                )
                for key, sub, sketch in cursor.fetchall():
                    yield (at, key, sub), bytes(sketch)


def _head(heading: Heading) -> tuple[int, int, int]:
    return heading.organisation, int(heading.span), int(heading.dimension)


def _write(table: str, columns: Sequence[str], rows: Sequence[Row], update: str) -> None:
    if not rows:
        return
    names, keys = ", ".join(columns), ", ".join(_KEY)
    end = f"ON CONFLICT ({keys}) DO UPDATE SET {update}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            types = ", ".join("%s::bytea[]" if name == "sketch" else "%s::bigint[]" for name in columns)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT * FROM unnest({types}) {end}",  # noqa: S608  names of our own
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places}) {end}", rows)  # noqa: S608
