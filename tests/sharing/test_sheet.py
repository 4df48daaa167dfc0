"""The share sheet as it opens."""

from datetime import datetime, timedelta

import pytest

from cast import Cast
from make_library import make_published_story
from make_sharing import make_share
from portevoix.library.actions.captions import add_caption
from portevoix.library.models import Story
from portevoix.library.queries import get_live_story_for
from portevoix.people.models import Person
from portevoix.sharing.actions.shares import save_draft
from portevoix.sharing.sheet import Asked, Sheet, open_sheet

FOR_ALL = "Un toit qui travaille, et une laiterie qui respire."
FOR_X = "Un toit qui travaille."
ARABIC = "سطح يعمل."


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    story = make_published_story(cast.ines, now=now, captions={"fr": FOR_ALL, "ar": ARABIC})
    add_caption(story=story, person=cast.ines, language="fr", network="x", text=FOR_X, now=now)
    return story


def sheet_of(person: Person, story: Story, now: datetime, **asked: str) -> Sheet:
    live = get_live_story_for(person, story.code, now)
    return open_sheet(person=person, story=live, asked=Asked(**asked), now=now)


def test_sheet_opens_in_the_persons_language(cast: Cast, story: Story, now: datetime) -> None:
    assert sheet_of(cast.ana, story, now).text == FOR_ALL
    assert sheet_of(cast.noor, story, now).text == ARABIC
    assert sheet_of(cast.noor, story, now).languages == ("ar", "fr")


def test_sheet_proposes_what_was_written_for_the_network(cast: Cast, story: Story, now: datetime) -> None:
    assert sheet_of(cast.ana, story, now, channel="x").text == FOR_X


def test_sheet_opens_on_the_last_channel(cast: Cast, story: Story, now: datetime) -> None:
    before = sheet_of(cast.ana, story, now)
    make_share(cast.ana, story, now=now, channel="telegram")

    after = sheet_of(cast.ana, story, now)

    assert (before.chosen.channel.key, after.chosen.channel.key) == ("linkedin", "telegram")
    assert [tile.channel.key for tile in after.shown] == ["telegram", "linkedin", "whatsapp", "x"]
    assert len(after.tiles) == len(before.tiles) == 13


def test_sheet_keeps_what_was_being_typed(cast: Cast, story: Story, now: datetime) -> None:
    save_draft(person=cast.ana, story=story, text="Ce que j’écrivais", now=now)

    assert sheet_of(cast.ana, story, now).text == "Ce que j’écrivais"


def test_sheet_opens_in_the_language_of_what_was_being_typed(cast: Cast, story: Story, now: datetime) -> None:
    """A post never mixes two: the line that opens it follows the words."""
    other = next(one for one in sheet_of(cast.ana, story, now).languages if one != "fr")
    save_draft(person=cast.ana, story=story, text="What I was writing", language=other, now=now)

    sheet = sheet_of(cast.ana, story, now)

    assert (sheet.language, sheet.disclosure) == (other, sheet.disclosures[other])


def test_sheet_says_where_the_day_is_used_up(cast: Cast, story: Story, now: datetime) -> None:
    for hour in (0, 1):
        make_share(cast.ana, story, now=now + timedelta(hours=hour))

    sheet = sheet_of(cast.ana, story, now + timedelta(hours=2))

    assert [tile.channel.key for tile in sheet.tiles if tile.is_spent] == ["linkedin"]


def test_sheet_notices_a_colleagues_text(cast: Cast, story: Story, now: datetime) -> None:
    before = sheet_of(cast.ana, story, now).is_alike
    make_share(cast.noor, story, now=now, text=FOR_ALL)

    assert (before, sheet_of(cast.ana, story, now).is_alike) == (False, True)


def test_every_channel_shows_another_link(cast: Cast, story: Story, now: datetime) -> None:
    sheet = sheet_of(cast.ana, story, now)

    assert len({tile.link for tile in sheet.tiles}) == len(sheet.tiles)
