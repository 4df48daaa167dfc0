"""When a person publishes: their hours of the week, quiet times, the distance between posts, colleagues apart. Pure.

*Wall* times are what clocks show where the person is; *moments* are in UTC. A wall time that a change of clocks skips is
the first valid minute after, one that comes twice is the first (`core.clock.resolve`).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from portevoix.core import clock
from portevoix.core.quiet import is_holiday, is_quiet

GAP = timedelta(minutes=30)  # between two posts of one person
APART = timedelta(minutes=5)  # between two colleagues on the same story
STEP = timedelta(minutes=7)
STEPS = 4
HORIZON_DAYS = 35
# One colleague more on a day weighs as much as waiting for the third slot from here: spread, but not put off for ever.
SLOTS_PER_COLLEAGUE = 3
MORNING, NOON = range(8 * 60 + 15, 9 * 60 + 46, 5), range(12 * 60, 13 * 60 + 31, 5)
TUESDAY, THURSDAY = 1, 3


@dataclass(frozen=True, order=True)
class Slot:
    """A moment of the week by the person's clock: day 0 is Monday, minute of that day."""

    weekday: int
    minute: int

    @property
    def at(self) -> time:
        return time(self.minute // 60, self.minute % 60)


@dataclass(frozen=True, order=True)
class Moment:
    """A moment, and what the person's clock shows then."""

    at: datetime
    wall: datetime


@dataclass(frozen=True)
class Place:
    """Where a person's clock and calendar are: an IANA zone, and a country for its days off (two letters, or empty)."""

    zone: str
    country: str = ""


def default_slots(seed: str) -> tuple[Slot, ...]:
    """Two a week: a Tuesday morning and a Thursday noon, at minutes of one's own so that colleagues do not meet there."""
    drawn = hashlib.sha256(f"hours {seed}".encode()).digest()
    return (
        Slot(TUESDAY, MORNING[drawn[0] % len(MORNING)]),
        Slot(THURSDAY, NOON[drawn[1] % len(NOON)]),
    )


def moment_at(wall: datetime, place: Place) -> Moment:
    """The moment at which clocks there show `wall`, and what they show then, which a change of clocks may have moved."""
    at = clock.resolve(wall, place.zone)
    return Moment(at, wall_of(at, place))


def wall_of(at: datetime, place: Place) -> datetime:
    """What clocks show there at that moment."""
    return at.astimezone(clock.zone(place.zone)).replace(tzinfo=None)


def next_moments(
    slots: Iterable[Slot], place: Place, *, after: datetime, before: datetime | None
) -> Iterator[Moment]:
    """The person's own hours from then on, first to last, none on a day off; at most five weeks ahead.

    An hour that the person chose on a day of the week's end counts all the same: they chose it.
    """
    by_day = sorted(set(slots))
    first = wall_of(after, place).date()
    for ahead in range(HORIZON_DAYS + 1):
        day = first + timedelta(days=ahead)
        for slot in by_day:
            if slot.weekday != day.weekday() or is_holiday(day, place.country):
                continue
            moment = moment_at(datetime.combine(day, slot.at), place)
            if moment.at > after and (before is None or moment.at < before):
                yield moment


def working_moments(place: Place, *, after: datetime, before: datetime) -> Iterator[Moment]:
    """Every half hour that is not quiet, for a story that ends before the person's next hour."""
    at = after + timedelta(
        minutes=30 - after.minute % 30, seconds=-after.second, microseconds=-after.microsecond
    )
    while at < before:
        moment = Moment(at, wall_of(at, place))
        if not is_quiet(moment.wall, place.country):
            yield moment
        at += timedelta(minutes=30)


def choose(
    moments: Iterable[Moment],
    place: Place,
    *,
    own: Sequence[datetime],
    colleagues: Sequence[datetime],
    before: datetime | None = None,
) -> Moment | None:
    """The best of those moments: half an hour from one's other posts, colleagues on the same story spread over its days.

    A moment at which a colleague posts too is put off by a few minutes. None when nothing is free.
    """
    per_day = Counter(wall_of(at, place).date() for at in colleagues)
    free = (
        moved
        for moment in moments
        if is_free(moment.at, own) and (moved := _apart(moment, place, own, colleagues, before))
    )
    ranked = enumerate(free)
    best = min(
        ranked,
        key=lambda one: (one[0] + SLOTS_PER_COLLEAGUE * per_day[one[1].wall.date()], one[0]),
        default=None,
    )
    return best[1] if best else None


def is_free(at: datetime, own: Sequence[datetime]) -> bool:
    """Whether half an hour lies between that moment and each of one's other posts."""
    return all(abs(at - other) >= GAP for other in own)


def first_free(at: datetime, own: Sequence[datetime]) -> datetime:
    """That moment, or the first one after it that is half an hour from each of one's other posts."""
    for other in sorted(own):
        if abs(at - other) < GAP:
            at = other + GAP
    return at


def _apart(
    moment: Moment,
    place: Place,
    own: Sequence[datetime],
    colleagues: Sequence[datetime],
    before: datetime | None,
) -> Moment | None:
    """The moment itself, or a few minutes later when a colleague posts then; None when that no longer fits."""
    for step in range(STEPS + 1):
        at = moment.at + step * STEP
        if all(abs(at - other) >= APART for other in colleagues):
            fits = is_free(at, own) and (before is None or at < before)
            return Moment(at, wall_of(at, place)) if fits else None
    return moment  # so many colleagues that minutes no longer help
