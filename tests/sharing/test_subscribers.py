"""Links follow their story: where it leads, until when, and whether it still lives."""

from datetime import datetime, timedelta

import pytest

from cast import Cast
from make_library import make_published_story
from make_sharing import make_share
from portevoix.core import events
from portevoix.library.events import StoryChanged, StoryPublished, StoryWithdrawn
from portevoix.library.models import Story
from portevoix.links.models import Link


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(cast.ines, now=now, link="https://gazette.example/laiterie")


def tell(kind: type, story: Story) -> None:
    events._deliver(kind(organisation_id=story.organisation_id, story_id=story.pk, story_code=story.code))


def test_links_follow_a_story_that_changes(cast: Cast, story: Story, now: datetime) -> None:
    link = make_share(cast.ana, story, now=now).link
    story.expires_at = now + timedelta(days=40)
    story.save()

    tell(StoryChanged, story)

    link.refresh_from_db()
    assert link.expires_at == now + timedelta(days=40)


def test_links_of_a_story_that_ends_lead_to_the_company(cast: Cast, story: Story, now: datetime) -> None:
    link = make_share(cast.ana, story, now=now).link
    another = make_share(cast.ana, make_published_story(cast.ines, now=now, title="Autre"), now=now).link

    tell(StoryWithdrawn, story)

    link.refresh_from_db()
    another.refresh_from_db()
    assert (link.is_open(now), another.is_open(now)) == (False, True)


def test_links_open_again_with_their_story(cast: Cast, story: Story, now: datetime) -> None:
    make_share(cast.ana, story, now=now)
    tell(StoryWithdrawn, story)

    tell(StoryPublished, story)

    assert Link.objects.get().is_open(now)
