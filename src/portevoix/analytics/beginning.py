"""How fast visits come: the first two days of a share for whoever made it, and when half of a story's visits were there.

Both are read of roll-ups by hour, which are kept a hundred days (`jobs.HOURS_KEPT`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from portevoix.analytics import rollups, spans
from portevoix.analytics.models import Dimension
from portevoix.analytics.period import Period
from portevoix.analytics.rollups import Counts
from portevoix.core import clock
from portevoix.library.models import Story
from portevoix.sharing.models import Share

HOURS: Final = 48
STEP: Final = 3  # hours of a bar
FEWEST_VISITS: Final = 20  # before half of them says anything
READ_WITHIN: Final = timedelta(days=90)  # after a story came out, its first hours are still there
Hourly = Mapping[tuple[date, int], Counts]  # by day and hour of the organisation's clock


@dataclass(frozen=True)
class Beginning:
    """The visits of a share's first two days, three hours each. `running`: the place of now, None once they are over."""

    share: Share
    visits: Sequence[int]
    running: int | None


def beginning_of(share: Share, *, now: datetime) -> Beginning | None:
    """How a share began; None when nobody came in its first two days."""
    zone = share.organisation.time_zone
    first = _hour_of(share.shared_at, zone)
    until = spans.day_of((first + HOURS) // 24)
    shared_on = spans.day_of(first // 24)
    hourly = rollups.by_hour(Dimension.LINK, Period(shared_on, until, zone), [share.link_id])
    visits = [0] * (HOURS // STEP)
    for (day, hour), count in hourly.items():
        place = (spans.day_number(day) * 24 + hour - first) // STEP
        if 0 <= place < len(visits):
            visits[place] += count.people
    running = (_hour_of(now, zone) - first) // STEP
    return Beginning(share, visits, running if running < len(visits) else None) if any(visits) else None


def hours_to_half(story: Story, period: Period, *, now: datetime) -> int | None:
    """Within how many hours of coming out half of a story's visits so far came; None while that says nothing."""
    if story.published_at is None or now - story.published_at > READ_WITHIN:
        return None
    first = _hour_of(story.published_at, period.zone)
    return half_of(rollups.by_hour(Dimension.STORY, period, [story.pk]), first)


def half_of(hourly: Hourly, first: int) -> int | None:
    """After how many hours from that one, it included, half of these visits had come. Pure."""
    visits = sorted(
        (spans.day_number(day) * 24 + hour, count.people) for (day, hour), count in hourly.items()
    )
    whole = sum(count for _hour, count in visits)
    if whole < FEWEST_VISITS:
        return None
    so_far = 0
    for hour, count in visits:
        so_far += count
        if 2 * so_far >= whole:
            return max(hour - first + 1, 1)
    return None


def _hour_of(moment: datetime, zone: str) -> int:
    """The number of the hour that clocks of the zone show (`spans`)."""
    shown = moment.astimezone(clock.zone(zone))
    return spans.day_number(shown.date()) * 24 + shown.hour
