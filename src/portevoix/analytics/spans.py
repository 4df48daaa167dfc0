"""Hours, days and months as numbers on a clock: what `at` is in a roll-up. Pure.

A day is the days since 1 January 1970, an hour is 24 x its day + the hour that the clock shows, a month is 12 x the
year + the month from 0. An hour that a clock shows twice is one; one that it skips has no clicks.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from portevoix.core import clock

DAY_MS: Final = 86_400_000
HOUR_MS: Final = 3_600_000
_QUARTER_MS: Final = 900_000  # clocks change, and zones differ, by whole quarters of an hour
_EPOCH: Final = date(1970, 1, 1)


def day_number(day: date) -> int:
    """The number of a day."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The day of that number."""
    return _EPOCH + timedelta(days=number)


def month_number(day: date) -> int:
    """The number of the month that a day is in."""
    return day.year * 12 + day.month - 1


def month_of_day(number: int) -> int:
    """The number of the month that the day of that number is in."""
    return month_number(day_of(number))


def first_day(month: int) -> int:
    """The number of a month's first day."""
    return day_number(date(month // 12, month % 12 + 1, 1))


def local_ms(moments: NDArray[Any], zone: str) -> NDArray[Any]:
    """What clocks of the zone show at those moments (ms since 1970), as if it were UTC: ms since 1970 again."""
    quarters, where = np.unique(moments // _QUARTER_MS, return_inverse=True)
    offsets = np.array([_offset_ms(int(quarter), zone) for quarter in quarters], np.int64)
    return moments + offsets[where] if len(quarters) else moments


@lru_cache(maxsize=65_536)
def _offset_ms(quarter: int, zone: str) -> int:
    moment = datetime.fromtimestamp(quarter * (_QUARTER_MS / 1000), UTC)
    offset = moment.astimezone(clock.zone(zone)).utcoffset() or timedelta()
    return round(offset / timedelta(milliseconds=1))


def starts_at_ms(day: int, zone: str) -> int:
    """The first moment of a day on the clocks of a zone, in ms since 1970."""
    moment = clock.resolve(datetime.combine(day_of(day), datetime.min.time()), zone)
    return int(moment.timestamp() * 1000)


@dataclass(frozen=True)
class Parts:
    """A period as the fewest roll-ups that make it up: whole months, and the days before, between and after them."""

    months: tuple[int, ...]
    days: tuple[tuple[int, int], ...]  # first and last, both in

    @property
    def month_stretches(self) -> list[tuple[int, int]]:
        """The months as stretches of months in a row, first and last, both in."""
        return _stretches((month, month) for month in self.months)

    @property
    def day_numbers(self) -> list[int]:
        return [day for first, last in self.days for day in range(first, last + 1)]


def parts_of(since: int, until: int, *, unfolded: Collection[int] = ()) -> Parts:
    """The parts of the days from `since` to `until`, both in; months that are `unfolded` are read by their days."""
    months: list[int] = []
    days: list[tuple[int, int]] = []
    for month, first, last in _months_between(since, until):
        is_whole = first == first_day(month) and last == first_day(month + 1) - 1
        if is_whole and month not in unfolded:
            months.append(month)
        else:
            days.append((first, last))
    return Parts(tuple(months), tuple(_stretches(days)))


def _stretches(parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Parts in their order, those that follow one another as one."""
    found: list[tuple[int, int]] = []
    for first, last in parts:
        if found and found[-1][1] == first - 1:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def _months_between(since: int, until: int) -> Iterator[tuple[int, int, int]]:
    """Each month that has days in the period, with the first and the last of them."""
    if until < since:
        return
    for month in range(month_of_day(since), month_of_day(until) + 1):
        yield month, max(since, first_day(month)), min(until, first_day(month + 1) - 1)
