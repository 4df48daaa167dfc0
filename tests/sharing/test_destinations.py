"""Links lead to their story's page, with the organisation's tags, and tell it of clicks where it was decided."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from cast import Cast
from make import make_person
from make_library import make_pillar, make_published_story
from make_sharing import make_share
from portevoix.library.actions.writing import save_story
from portevoix.library.events import StoryChanged
from portevoix.library.models import Story
from portevoix.links.actions.measuring import change_link_setting
from portevoix.links.models import Link
from portevoix.links.tagging import DEFAULTS
from portevoix.sharing.destinations import preview
from portevoix.sharing.subscribers import follow_story

PAGE = "https://gazette.example/laiterie?x=1#suite"
Set = Callable[..., None]


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(
        cast.ines, now=now, link=PAGE, pillar=make_pillar(cast.ines, "Solaire", now=now)
    )


@pytest.fixture
def setting(cast: Cast, now: datetime) -> Set:
    def change(**facts: Any) -> None:
        named = {
            "is_tagging": True,
            "patterns": DEFAULTS,
            "carries_click_ids": False,
            "window_days": 30,
            **facts,
        }
        change_link_setting(organisation=cast.atlas, by=cast.driss, now=now, **named)

    return change


def changed(story: Story) -> None:
    follow_story(
        StoryChanged(organisation_id=story.organisation_id, story_id=story.pk, story_code=story.code)
    )


def test_nothing_is_added_until_somebody_decides(cast: Cast, story: Story, now: datetime) -> None:
    link = make_share(cast.ana, story, now=now).link

    assert (link.destination, link.carries_click_id) == (PAGE, False)


def test_share_leads_to_a_tagged_page(cast: Cast, story: Story, setting: Set, now: datetime) -> None:
    setting(patterns={**DEFAULTS, "utm_campaign": "{pillar}"})

    link = make_share(cast.ana, story, now=now).link

    assert link.destination == (
        "https://gazette.example/laiterie?x=1&utm_source=linkedin&utm_medium=social&utm_campaign=solaire"
        "&utm_content=une-laiterie-au-soleil#suite"
    )


def test_tags_follow_their_story_and_each_share_its_network(
    cast: Cast, story: Story, setting: Set, now: datetime
) -> None:
    on_linkedin = make_share(cast.ana, story, now=now).link
    by_copy = make_share(cast.noor, story, now=now, channel="copy").link
    setting(patterns={"utm_source": "{network}"})

    changed(story)

    found = dict(Link.objects.values_list("pk", "destination"))
    assert found == {
        on_linkedin.pk: "https://gazette.example/laiterie?x=1&utm_source=linkedin#suite",
        by_copy.pk: "https://gazette.example/laiterie?x=1&utm_source=copy#suite",
    }


def test_tags_leave_again_when_they_are_switched_off(
    cast: Cast, story: Story, setting: Set, now: datetime
) -> None:
    setting()
    link = make_share(cast.ana, story, now=now).link
    setting(is_tagging=False)

    changed(story)

    link.refresh_from_db()
    assert link.destination == PAGE


def test_team_is_named_once_five_people_take_part(
    cast: Cast, story: Story, setting: Set, now: datetime
) -> None:
    setting(patterns={"utm_content": "{team}"})
    before = make_share(cast.ana, story, now=now).link.destination
    people = [
        make_person(cast.atlas, f"Vendeur{n}", ["ambassador"], team=cast.ana.team, now=now) for n in range(4)
    ]

    after = make_share(people[0], story, now=now).link.destination

    assert [one.partition("utm_content=")[2] for one in (before, after)] == ["others#suite", "ventes#suite"]


@pytest.mark.parametrize(
    ("of_organisation", "of_story", "carries"),
    [(False, None, False), (True, None, True), (False, True, True), (True, False, False)],
)
def test_story_decides_on_click_ids_else_the_organisation(
    cast: Cast,
    story: Story,
    setting: Set,
    now: datetime,
    of_organisation: bool,
    of_story: bool | None,
    carries: bool,
) -> None:
    setting(is_tagging=False, carries_click_ids=of_organisation)
    story = save_story(story=story, person=cast.ines, now=now, changes={"carries_click_ids": of_story}).story

    link = make_share(cast.ana, story, now=now).link

    assert (link.destination, link.carries_click_id) == (PAGE, carries)


def test_open_links_follow_the_decision(cast: Cast, story: Story, now: datetime) -> None:
    link = make_share(cast.ana, story, now=now).link
    save_story(story=story, person=cast.ines, now=now, changes={"carries_click_ids": True})

    changed(story)

    link.refresh_from_db()
    assert link.carries_click_id


def test_click_id_that_was_copied_with_the_address_makes_room(cast: Cast, now: datetime) -> None:
    story = make_published_story(cast.ines, now=now, link="https://gazette.example/b?a=1&pv=old&c=2")
    story = save_story(story=story, person=cast.ines, now=now, changes={"carries_click_ids": True}).story

    link = make_share(cast.ana, story, now=now).link

    assert link.destination == "https://gazette.example/b?a=1&c=2"


def test_preview_shows_the_newest_story(cast: Cast, story: Story) -> None:
    shown = preview(cast.atlas, {"utm_source": "{network}", "utm_medium": "{person}"})

    assert shown == (PAGE, "https://gazette.example/laiterie?x=1&utm_source=linkedin#suite")


def test_preview_shows_the_companys_page_before_there_is_a_story(cast: Cast) -> None:
    assert preview(cast.atlas, {"utm_source": "{network}"}) == (
        "https://atlas.example/",
        "https://atlas.example/?utm_source=linkedin",
    )
