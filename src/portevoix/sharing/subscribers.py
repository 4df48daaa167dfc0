"""What shares do when something happens to their story, or to their person."""

from collections import defaultdict

from portevoix.core import clock, events
from portevoix.library.events import StoryChanged, StoryPublished, StoryWithdrawn
from portevoix.library.models import Story
from portevoix.links.actions import opening as links
from portevoix.links.models import Link
from portevoix.people.events import PersonDeactivated, PersonLeft, PersonPaused
from portevoix.sharing.actions import accounts, posts
from portevoix.sharing.cards import keep_card_of
from portevoix.sharing.destinations import Destinations
from portevoix.sharing.models import ConnectedAccount, Share


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
    story = Story.objects.select_related("organisation", "pillar").get(pk=event.story_id)
    destinations, card = Destinations(story), keep_card_of(story, clock.now())
    alike: dict[str, list[Link]] = defaultdict(list)
    for share in Share.objects.filter(story=story).select_related("link", "team"):
        alike[destinations.of(share.channel, None if share.is_company else share.team)].append(share.link)
    for destination, rows in alike.items():
        links.retarget_links(
            links=rows,
            destination=destination,
            expires_at=story.expires_at,
            card=card,
            carries_click_id=destinations.carries_click_id,
            now=clock.now(),
        )


@events.subscribe(StoryWithdrawn)
def close_links_of_story(event: StoryWithdrawn) -> None:
    """Links of a story that is over lead to the company's page."""
    links.withdraw_links(links=links_of(event.story_id), now=clock.now())


@events.subscribe(StoryWithdrawn)
def withdraw_posts_of_story(event: StoryWithdrawn) -> None:
    """What was planned for a story that is over does not go out; each of its people is told."""
    posts.refuse_posts_of_story(story_id=event.story_id, now=clock.now())


@events.subscribe(PersonLeft)
def disconnect_who_left(event: PersonLeft) -> None:
    """Who leaves the programme leaves nothing with us that could speak for them."""
    _disconnect(event.person_id)


@events.subscribe(PersonDeactivated)
def disconnect_who_is_gone(event: PersonDeactivated) -> None:
    """Who leaves the company, the same."""
    _disconnect(event.person_id)


@events.subscribe(PersonPaused)
def withdraw_posts_of_who_pauses(event: PersonPaused) -> None:
    """A pause is a pause: what was planned is withdrawn, its words kept; the accounts stay."""
    posts.withdraw_posts_of(person_id=event.person_id, now=clock.now())


def _disconnect(person_id: int) -> None:
    for account in ConnectedAccount.unscoped.filter(person=person_id):
        accounts.disconnect_account(account=account, now=clock.now())


def links_of(story_id: int) -> list[Link]:
    """Every tracked link that a share of the story opened."""
    return list(Link.objects.filter(share__story=story_id))
