"""A period of days on an organisation's or a person's own clock, as moments."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portevoix.analytics.rules import monday_of
from portevoix.core import clock


@dataclass(frozen=True)
class Period:
    """From the first minute of `since` to the last of `until`, on the clocks of `zone`."""

    since: date
    until: date
    zone: str

    @property
    def start(self) -> datetime:
        return clock.resolve(datetime.combine(self.since, time()), self.zone)

    @property
    def end(self) -> datetime:
        return clock.resolve(datetime.combine(self.until + timedelta(days=1), time()), self.zone)

    @property
    def days(self) -> list[date]:
        """Its days, the first one first; none when it ends before it begins."""
        return [self.since + timedelta(days=n) for n in range((self.until - self.since).days + 1)]

    def day_of(self, moment: datetime) -> date:
        """The day that clocks of the zone show at that moment."""
        return moment.astimezone(clock.zone(self.zone)).date()


def last(length: timedelta, *, now: datetime, zone: str) -> Period:
    """The period of that length that ends today."""
    today = today_in(zone, now)
    return Period(today - length + timedelta(days=1), today, zone)


def last_weeks(count: int, *, now: datetime, zone: str) -> Period:
    """This week so far and the whole weeks before it, `count` in all: no bar of a chart is cut short."""
    today = today_in(zone, now)
    return Period(today - timedelta(days=today.weekday(), weeks=count - 1), today, zone)


def whole_weeks(period: Period, *, today: date) -> Period:
    """The weeks that hold these days, Monday to Sunday; the one that is running until today."""
    since, until = monday_of(min(period.since, today)), monday_of(period.until) + timedelta(days=6)
    return Period(since, min(until, today), period.zone)


def this_year(*, now: datetime, zone: str) -> Period:
    """From 1 January until today."""
    today = today_in(zone, now)
    return Period(today.replace(month=1, day=1), today, zone)


def since_moment(moment: datetime, *, now: datetime, zone: str) -> Period:
    """From the day of that moment until today."""
    today = today_in(zone, now)
    return Period(min(today_in(zone, moment), today), today, zone)


def today_in(zone: str, now: datetime) -> date:
    """The day that clocks of the zone show."""
    return now.astimezone(clock.zone(zone)).date()
