"""Saying what happened to a share: to the trail, and to the storeys above."""

from datetime import datetime

from portevoix.core import events
from portevoix.people import trail
from portevoix.sharing.events import ShareEvent
from portevoix.sharing.models import Share


def tell(share: Share, act: str, now: datetime, news: type[ShareEvent] | None = None) -> None:
    """Writes the act down without its words: a trail is read by others, a post's draft is the person's own."""
    trail.record(
        organisation_id=share.organisation_id,
        person=share.person,
        act=act,
        subject=share.code,
        now=now,
        channel=share.channel,
    )
    if news is not None:
        publish(share, news)


def publish(share: Share, news: type[ShareEvent]) -> None:
    """Tells the storeys above, once the transaction commits."""
    events.publish(
        news(
            organisation_id=share.organisation_id,
            share_id=share.pk,
            person_id=share.person_id,
            story_id=share.story_id,
            channel=share.channel,
        )
    )
