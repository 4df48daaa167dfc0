"""When people are to be left alone: evenings and nights, the week's end, public holidays of their country. Pure.

Holidays come from the `holidays` package; a country that it does not know has none.
"""

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache

import holidays

from portevoix.core import clock

QUIET_FROM, QUIET_UNTIL = time(19, 0), time(8, 0)
WEEKEND = frozenset({5, 6})
LONGEST_DAYS = 30  # no country rests longer


def is_quiet(wall: datetime, country: str) -> bool:
    """Whether a person is to be left alone when their clock shows that: evenings and nights, days off."""
    return is_day_off(wall.date(), country) or not QUIET_UNTIL <= wall.time() < QUIET_FROM


def is_day_off(day: date, country: str) -> bool:
    """Whether people there do not work that day: the week's end, or a public holiday."""
    return day.weekday() in _calendar(country, day.year)[0] or is_holiday(day, country)


def is_holiday(day: date, country: str) -> bool:
    """Whether the day is a public holiday there."""
    return day in _calendar(country, day.year)[1]


def first_allowed(at: datetime, zone: str, country: str) -> datetime:
    """That moment, or the first one after it at which the person is not to be left alone."""
    wall = at.astimezone(clock.zone(zone)).replace(tzinfo=None)
    if not is_quiet(wall, country):
        return at
    day = wall.date() if wall.time() < QUIET_UNTIL else wall.date() + timedelta(days=1)
    for ahead in range(LONGEST_DAYS):
        if not is_day_off(day + timedelta(days=ahead), country):
            day += timedelta(days=ahead)
            break
    return clock.resolve(datetime.combine(day, QUIET_UNTIL), zone)


@lru_cache(maxsize=256)
def _calendar(country: str, year: int) -> tuple[frozenset[int], frozenset[date]]:
    if country not in _known_countries():
        return WEEKEND, frozenset()
    found = holidays.country_holidays(country, years=year)
    return frozenset(found.weekend), frozenset(found)


@cache
def _known_countries() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries())
