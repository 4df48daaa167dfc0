"""Now, at my hour, or at a time I choose: what the form shows of it, and what it sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.library.models import Story
from portevoix.people.models import Person
from portevoix.sharing import hours, queries, timing
from portevoix.sharing.models import Post, Share
from portevoix.sharing.timing import Kind, When, wall_from, wall_text
from portevoix.web.templatetags.words import coming


@dataclass(frozen=True)
class Choice:
    """The choice of a moment as a form draws it.

    `hour` is the person's next one in words, or, when the story ends before (`is_own` false), a working half hour; empty
    when none is free.
    """

    kind: str
    hour: str
    is_own: bool
    at: str  # what the field of the chosen time holds
    earliest: str
    latest: str


def typed(sent: Mapping[str, str]) -> When:
    """When, as the form says; what makes no sense is a chosen time that is missing."""
    kind = sent.get("when", "")
    if kind == Kind.NOW or kind == Kind.HOUR:
        return When(Kind(kind))
    return When(Kind.CHOSEN, wall_from(sent.get("at", "")))


def choice_for(
    person: Person, story: Story, kind: str = "", at: str = "", besides: Post | None = None
) -> Choice:
    """The choice on a story; `kind` and `at` are what was chosen before, for the post `besides` where there is one."""
    now, place = clock.now(), queries.place_of(person)
    moment = timing.next_hour(person, story, now, queries.own_moments(person, now, besides))
    kinds = {Kind.NOW, Kind.CHOSEN} | ({Kind.HOUR} if moment else set())
    return Choice(
        kind=kind if kind in kinds else Kind.NOW,
        hour=coming(moment.at, place.zone) if moment else "",
        is_own=moment is not None and timing.is_own_hour(person, moment),
        at=at or wall_text(moment.wall if moment else hours.wall_of(now, place)),
        earliest=wall_text(hours.wall_of(now, place)),
        latest=_latest(story, now, place),
    )


def another(person: Person, share: Share, sent: Mapping[str, str], refusal: Refusal | None) -> Choice:
    """The choice of another moment for a planned share; after a refusal, as it was `sent`."""
    if refusal is None:
        return choice_for(person, share.story, Kind.CHOSEN, share.post.wall_at, share.post)
    kind, at = instead(refusal, sent.get("when", ""), sent.get("at", ""))
    return choice_for(person, share.story, kind, at, share.post)


def instead(refusal: Refusal | None, kind: str, at: str) -> tuple[str, str]:
    """What the form holds after a refusal: the first free minute where one was too near, otherwise what was typed."""
    if refusal is not None and refusal.code == "too_near":
        return Kind.CHOSEN, str(refusal.facts["at"])
    return kind, at


def _latest(story: Story, now: datetime, place: hours.Place) -> str:
    ends = story.expires_at or now + timing.FARTHEST
    return wall_text(hours.wall_of(ends - timedelta(minutes=1), place))
