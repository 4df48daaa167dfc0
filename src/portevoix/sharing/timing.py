"""At which moment a post is to go out: the person's next own hour, a minute they chose, or now. Reads, no writing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.core.spoken import clock_time
from portevoix.library.models import Story
from portevoix.people.models import Person
from portevoix.sharing import hours, queries
from portevoix.sharing.hours import Moment, Place
from portevoix.sharing.models import Post

LATE_IS_NOW = timedelta(minutes=5)  # a minute chosen a moment ago is meant all the same
FARTHEST = timedelta(days=60)


class Kind(StrEnum):
    """How a person says when."""

    NOW = "now"
    HOUR = "hour"  # their next own hour
    CHOSEN = "chosen"  # that very minute


@dataclass(frozen=True)
class When:
    """When a post is to go out; `wall` is what the person's clock shows then, for a chosen minute."""

    kind: Kind
    wall: datetime | None = None


@dataclass(frozen=True)
class Planned:
    """A moment that was found, and what the post keeps of it."""

    moment: Moment
    place: Place
    is_chosen: bool

    def facts(self) -> dict[str, Any]:
        """What the post's row says of its moment: the wall clock, the zone, and by which edition of the zones."""
        return {
            "wall_at": wall_text(self.moment.wall),
            "zone": self.place.zone,
            "tzdata": clock.tzdata_version(),
            "scheduled_at": self.moment.at,
            "is_chosen": self.is_chosen,
        }


def plan(*, person: Person, story: Story, when: When, now: datetime, besides: Post | None = None) -> Planned:
    """The moment for that post. Refuses what is past, beyond the story, or within half an hour of another post."""
    place = queries.place_of(person)
    own = queries.own_moments(person, now, besides)
    if when.kind == Kind.HOUR:
        moment = next_hour(person, story, now, own)
        if moment is None:
            raise Refusal(
                "no_hour",
                _("This story ends before an hour of yours is free. Choose another time, or publish now."),
                field="at",
            )
        return Planned(moment, place, is_chosen=False)
    at = now if when.kind == Kind.NOW else _chosen(when, place, now)
    _refuse_beyond(at, story, now)
    _refuse_too_near(at, own, place)
    return Planned(Moment(at, hours.wall_of(at, place)), place, is_chosen=True)


def is_own_hour(person: Person, moment: Moment) -> bool:
    """Whether that is one of the hours that the person chose."""
    wall = (moment.wall.weekday(), moment.wall.hour * 60 + moment.wall.minute)
    return wall in {(slot.weekday, slot.minute) for slot in queries.slots_of(person)}


def next_hour(person: Person, story: Story, now: datetime, own: list[datetime]) -> Moment | None:
    """The person's next own hour for that story; a working half hour when it ends before; None when nothing is free.

    `own` are the moments of their other posts.
    """
    place, before = queries.place_of(person), story.expires_at
    colleagues = queries.colleagues_moments(person, story, now)
    soon = now + timedelta(minutes=1)
    found = hours.choose(
        hours.next_moments(queries.slots_of(person), place, after=soon, before=before),
        place,
        own=own,
        colleagues=colleagues,
        before=before,
    )
    if found is None and before is not None:
        working = hours.working_moments(place, after=soon, before=before)
        found = hours.choose(working, place, own=own, colleagues=colleagues, before=before)
    return found


def _chosen(when: When, place: Place, now: datetime) -> datetime:
    if when.wall is None:
        raise Refusal("no_time", _("Choose a day and a time."), field="at")
    try:
        at = hours.moment_at(when.wall, place).at
    except OverflowError:
        raise Refusal("no_time", _("Choose a day and a time."), field="at") from None
    if now - LATE_IS_NOW <= at <= now:
        return now
    return at


def _refuse_beyond(at: datetime, story: Story, now: datetime) -> None:
    if at < now:
        raise Refusal("time_past", _("This moment is past. Choose a later one."), field="at")
    if story.expires_at is not None and at >= story.expires_at:
        raise Refusal("after_expiry", _("The story is over by then. Choose an earlier moment."), field="at")
    if at - now > FARTHEST:
        raise Refusal(
            "too_far", _("That is more than two months away. Choose an earlier moment."), field="at"
        )


def _refuse_too_near(at: datetime, own: list[datetime], place: Place) -> None:
    if hours.is_free(at, own):
        return
    free = hours.wall_of(hours.first_free(at, own), place)
    raise Refusal(
        "too_near",
        _(
            "You have a post within half an hour of it: people read less when they follow closely. From %(time)s on."
        ),
        field="at",
        facts={"time": clock_time(free.time()), "at": wall_text(free)},
    )


def wall_text(wall: datetime) -> str:
    """A wall time as it is kept and as browsers write it: 2026-12-01T08:30."""
    return wall.isoformat(timespec="minutes")


def wall_from(text: str) -> datetime | None:
    """The wall time in such a text; None when it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is None else None
