"""What a person sees: for them, best first, in a number of queries that never grows."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cast import Cast
from make_library import make_pillar, make_published_story, make_story
from make_sharing import make_share
from portevoix.core import tenancy
from portevoix.feed.actions import choose_tastes
from portevoix.feed.models import Taste
from portevoix.feed.privacy import erase_person, export_person
from portevoix.feed.queries import feed_page
from portevoix.library.actions.publishing import publish_story
from portevoix.people.actions.audiences import create_audience
from portevoix.people.models import Person


def titles(person: Person, now: datetime, number: int = 1) -> list[str]:
    return [card.story.title for card in feed_page(person, now, number).cards]


def test_feed_holds_what_may_be_shared_now(cast: Cast, now: datetime) -> None:
    make_published_story(cast.ines, now=now, title="En cours")
    make_published_story(cast.ines, now=now - timedelta(days=15), title="Finie")
    make_story(cast.ines, now=now, title="Brouillon")

    assert titles(cast.ana, now) == ["En cours"]


def test_feed_holds_what_is_for_the_persons_audiences(cast: Cast, now: datetime) -> None:
    arabic = create_audience(
        organisation=cast.atlas, name="Arabe", rule={"languages": ["ar"]}, by=cast.ines, now=now
    )
    make_published_story(cast.ines, now=now, title="Pour tous")
    make_published_story(
        cast.ines, now=now, title="En arabe", audience=arabic, captions={"fr": "Un.", "ar": "واحد."}
    )

    assert (titles(cast.ana, now), sorted(titles(cast.noor, now))) == (
        ["Pour tous"],
        ["En arabe", "Pour tous"],
    )


def test_feed_of_another_organisation_is_empty(cast: Cast, now: datetime) -> None:
    make_published_story(cast.ines, now=now)

    with tenancy.acting_for(cast.other.pk):
        assert titles(cast.otto, now) == []


def test_feed_follows_the_themes_chosen_and_says_so(cast: Cast, now: datetime) -> None:
    wind, solar = (make_pillar(cast.ines, name, now=now) for name in ("Éolien", "Solaire"))
    make_published_story(cast.ines, now=now, title="Vent", pillar=wind)
    make_published_story(cast.ines, now=now - timedelta(days=3), title="Toit", pillar=solar)
    choose_tastes(person=cast.ana, pillars=[solar], now=now)

    with translation.override("en"):
        page = feed_page(cast.ana, now)

    assert [card.story.title for card in page.cards] == ["Toit", "Vent"]
    assert page.cards[0].why == "you follow “Solaire”, and it is written in your language."
    assert page.follows_themes


def test_suggested_story_names_the_colleague(cast: Cast, now: datetime) -> None:
    story = make_published_story(cast.ines, now=now - timedelta(days=2))
    story.suggested_by = cast.noor
    story.save()

    with translation.override("en"):
        whys = [feed_page(person, now).cards[0].why for person in (cast.ana, cast.noor)]

    assert whys == [
        "it comes from Noor, a colleague, and it is written in your language.",
        "you suggested it.",
    ]


def test_story_shared_already_comes_last_and_says_where(cast: Cast, now: datetime) -> None:
    shared = make_published_story(cast.ines, now=now, title="Partagée")
    make_published_story(cast.ines, now=now - timedelta(days=10), title="Ancienne")
    make_share(cast.ana, shared, now=now)

    page = feed_page(cast.ana, now)

    assert [card.story.title for card in page.cards] == ["Ancienne", "Partagée"]
    assert (page.cards[1].shared_on, page.fresh_count) == (("linkedin",), 1)


def test_feed_comes_in_pages(cast: Cast, now: datetime) -> None:
    for place in range(12):
        make_published_story(cast.ines, now=now - timedelta(hours=place), title=f"Histoire {place}")

    first, second, third = (feed_page(cast.ana, now, number) for number in (1, 2, 3))

    assert [len(first.cards), len(second.cards), len(third.cards)] == [10, 2, 0]
    assert [first.has_more, second.has_more] == [True, False]
    assert len({card.story.pk for card in first.cards + second.cards}) == 12


@pytest.mark.parametrize("story_count", [1, 3])
def test_feed_takes_the_same_queries_however_many_stories(
    cast: Cast, now: datetime, story_count: int
) -> None:
    pillar = make_pillar(cast.ines, "Solaire", now=now)
    for place in range(story_count):
        story = make_published_story(cast.ines, now=now, title=f"Histoire {place}", pillar=pillar)
        make_share(cast.ana, story, now=now, channel="copy")
    assert cast.ana.roles

    with CaptureQueriesContext(
        connection,
    ) as asked:
        feed_page(cast.ana, now)

    assert len(asked) == 8


def test_tastes_of_another_organisation_are_left_out(cast: Cast, now: datetime) -> None:
    ours = make_pillar(cast.ines, "Solaire", now=now)
    with tenancy.acting_for(cast.other.pk):
        theirs = make_pillar(cast.otto, "Ailleurs", now=now)

    choose_tastes(person=cast.ana, pillars=[ours, theirs], now=now)
    choose_tastes(person=cast.ana, pillars=[ours], now=now)

    assert [taste.pillar_id for taste in Taste.unscoped.all()] == [ours.pk]


def test_tastes_are_handed_over_and_erased(cast: Cast, now: datetime) -> None:
    choose_tastes(person=cast.ana, pillars=[make_pillar(cast.ines, "Solaire", now=now)], now=now)

    held = export_person(cast.ana)
    erased_count = erase_person(cast.ana)

    assert (held, erased_count, export_person(cast.ana)) == ({"themes": ["Solaire"]}, 1, {"themes": []})


def test_published_again_story_comes_back(cast: Cast, now: datetime) -> None:
    story = make_story(cast.ines, now=now, title="Revenue")
    before = titles(cast.ana, now)

    publish_story(story=story, person=cast.ines, now=now)

    assert (before, titles(cast.ana, now)) == ([], ["Revenue"])
