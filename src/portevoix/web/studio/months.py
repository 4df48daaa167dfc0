"""The choice of a month, by a plain form in the address: visitors are told apart for about that long."""

from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_skeleton

from portevoix.analytics.period import Period, today_in
from portevoix.core import clock
from portevoix.core.spoken import locale_name

OFFERED = 12
EARLY = 7  # until this day of the month, the one before says more


@dataclass(frozen=True)
class Month:
    """A month that may be chosen, by its first day."""

    first: date
    is_chosen: bool

    @property
    def value(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def label(self) -> str:
        return month_words(self.first)


def months(asked: str, zone: str) -> list[Month]:
    """The last twelve months, the newest first, the one that was asked for, or else the most telling, chosen."""
    today = today_in(zone, clock.now())
    firsts = [today.replace(day=1)]
    while len(firsts) < OFFERED:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    usual = firsts[1] if today.day <= EARLY else firsts[0]
    chosen = next((first for first in firsts if f"{first:%Y-%m}" == asked), usual)
    return [Month(first, first == chosen) for first in firsts]


def period_of_month(first: date, zone: str) -> Period:
    """The days of a month that have come."""
    after = (first + timedelta(days=31)).replace(day=1)
    return Period(first, min(after - timedelta(days=1), today_in(zone, clock.now())), zone)


def month_words(day: date) -> str:
    """A month and its year: novembre 2026."""
    return format_skeleton("yMMMM", day, locale=locale_name())
