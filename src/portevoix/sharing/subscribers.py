"""What shares do when something happens to their story: their links follow it."""

from portevoix.core import clock, events
from portevoix.library.events import StoryChanged, StoryPublished, StoryWithdrawn
from portevoix.library.models import Story
from portevoix.links import actions
from portevoix.links.models import Link


@events.subscribe(StoryPublished)
def reopen_links_of_story(event: StoryPublished) -> None:
    """Links of a story that lives again lead to it again."""
    follow_story(event)


@events.subscribe(StoryChanged)
def follow_changed_story(event: StoryChanged) -> None:
    """Links of a story that says something else follow it."""
    follow_story(event)


def follow_story(event: StoryPublished | StoryChanged) -> None:
    """Links of the story lead where it leads now, for as long as it lives now."""
    story = Story.objects.select_related("organisation").get(pk=event.story_id)
    actions.retarget_links(
        links=links_of(event.story_id),
        destination=story.link or story.organisation.website,
        expires_at=story.expires_at,
        now=clock.now(),
    )


@events.subscribe(StoryWithdrawn)
def close_links_of_story(event: StoryWithdrawn) -> None:
    """Links of a story that is over lead to the company's page."""
    actions.withdraw_links(links=links_of(event.story_id), now=clock.now())


def links_of(story_id: int) -> list[Link]:
    """Every tracked link that a share of the story opened."""
    return list(Link.objects.filter(share__story=story_id))
