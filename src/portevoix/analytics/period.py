"""A period of days on an organisation's or a person's own clock, as moments."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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

    def day_of(self, moment: datetime) -> date:
        """The day that clocks of the zone show at that moment."""
        return moment.astimezone(clock.zone(self.zone)).date()


def last(length: timedelta, *, now: datetime, zone: str) -> Period:
    """The period of that length that ends today."""
    today = now.astimezone(clock.zone(zone)).date()
    return Period(today - length + timedelta(days=1), today, zone)
