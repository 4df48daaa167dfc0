"""Makers of shares, through the real actions."""

from datetime import datetime
from typing import Any

from portevoix.library.models import Story
from portevoix.people.models import Person
from portevoix.sharing.actions.shares import share_story
from portevoix.sharing.models import Share

OWN_TEXT = "Hier, un client m’a montré sa facture. Nous en avons ri ensemble."


def make_share(
    person: Person,
    story: Story,
    *,
    now: datetime,
    channel: str = "linkedin",
    text: str = OWN_TEXT,
    **facts: Any,
) -> Share:
    """A share in words of one's own, on LinkedIn unless told."""
    return share_story(person=person, story=story, channel=channel, text=text, now=now, **facts)
