"""How the programme is kept, from facts alone."""

from datetime import datetime, timedelta

import pytest

from cast import Cast
from make import make_person
from make_clicks import make_published_story, make_share
from portevoix.analytics.health import Freshness, freshness_of, health
from portevoix.editorial.models import DisclosureLine, Pillar
from portevoix.library.models import Story, StoryState
from portevoix.people.roles import Role


def test_freshness_counts_ages_and_what_ends_soon(now: datetime) -> None:
    stories = [
        Story(published_at=now - timedelta(days=days), expires_at=now + timedelta(days=14 - days))
        for days in (0, 3, 4, 8, 12, 13)
    ]

    assert freshness_of(stories, now) == Freshness(count=6, median_days=6, ending_count=2, ages=(2, 1, 1, 2))
    assert freshness_of([], now) == Freshness(0, 0, 0, (0, 0, 0, 0))


def test_health_balances_pillars_over_the_stories_that_may_be_shared(cast: Cast, now: datetime) -> None:
    solar, wind = (
        Pillar.objects.create(
            organisation=cast.atlas, names={"fr": name}, target_share=share, position=position
        )
        for position, (name, share) in enumerate((("Solaire", 60), ("Éolien", 40)))
    )
    for pillar, facts in (
        (solar, {}),
        (solar, {}),
        (solar, {"expires_at": now}),
        (wind, {"state": StoryState.ARCHIVED}),
        (None, {}),
        (wind, {"expires_at": None}),
    ):
        story = make_published_story(cast.atlas, "Une histoire", now=now, pillar=pillar)
        Story.objects.filter(pk=story.pk).update(**facts)

    balances = health("fr", now=now).balances

    assert [(one.name, one.count, one.share, one.target) for one in balances] == [
        ("Solaire", 2, 0.5, 0.6),
        ("Éolien", 1, 0.25, 0.4),
    ]
    assert [round(one.gap, 2) for one in balances] == [0.1, 0.15]


def test_beginnings_are_computed_one_after_the_other(cast: Cast, now: datetime) -> None:
    def done() -> tuple[bool, ...]:
        facts = health("fr", now=now).beginnings
        return (
            facts.has_pillars,
            facts.has_disclosure,
            facts.has_stories,
            facts.has_volunteers,
            facts.was_shared,
            facts.are_over,
        )

    assert done() == (False, False, False, False, False, False)
    Pillar.objects.create(organisation=cast.atlas, names={"fr": "Solaire"})
    DisclosureLine.objects.create(organisation=cast.atlas, language="en", text="I work at Atlas")
    assert done() == (True, False, False, False, False, False)
    DisclosureLine.objects.create(organisation=cast.atlas, language="fr", text="Je travaille chez Atlas")
    story = make_published_story(cast.atlas, "Une laiterie", now=now)
    assert done() == (True, True, True, False, False, False)
    for number in range(7):
        make_person(cast.atlas, f"Volontaire{number}", [Role.AMBASSADOR], now=now)
    make_share(cast.ana, story, at=now)
    assert done() == (True, True, True, True, True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_health_takes_the_same_number_of_queries(
    cast: Cast, now: datetime, count: int, django_assert_num_queries: object
) -> None:
    for _ in range(count):
        make_published_story(cast.atlas, "Une laiterie", now=now)

    with django_assert_num_queries(8):  # type: ignore[operator]
        health("fr", now=now)
