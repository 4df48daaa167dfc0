from datetime import datetime, timedelta

import pytest

from cast import Cast
from make_library import make_pillar, make_published_story, make_story
from portevoix.core import tenancy
from portevoix.core.errors import NotFound
from portevoix.library import queries
from portevoix.library.actions import publishing
from portevoix.people.models import Audience


def test_stories_are_all_the_editors_and_their_own_for_contributors(cast: Cast, now: datetime) -> None:
    mine, theirs = make_story(cast.chloe, now=now), make_story(cast.ines, now=now)

    assert set(queries.stories_for(cast.ines)) == {mine, theirs}
    assert list(queries.stories_for(cast.chloe)) == [mine]
    assert list(queries.stories_for(cast.ana)) == []


def test_stories_are_found_by_state_pillar_and_words(cast: Cast, now: datetime) -> None:
    pillar = make_pillar(cast.ines, "Toits", now=now)
    roof = make_story(cast.ines, title="Une laiterie au soleil", pillar=pillar, now=now)
    make_published_story(cast.ines, title="Le vent de Tarfaya", now=now)

    def found(**asked: str) -> list[str]:
        return [story.title for story in queries.stories_for(cast.ines, queries.Filters(**asked))]

    assert found(search="soleil laiterie") == ["Une laiterie au soleil"]
    assert found(pillar=pillar.code) == [roof.title]
    assert found(state="published") == ["Le vent de Tarfaya"]
    assert found(search="rien de tel") == []


def test_counts_by_state_count_what_the_person_may_open(cast: Cast, now: datetime) -> None:
    make_story(cast.chloe, now=now)
    make_published_story(cast.ines, now=now)

    assert queries.counts_by_state(cast.ines) == {"draft": 1, "published": 1}
    assert queries.counts_by_state(cast.chloe) == {"draft": 1}


def test_live_story_is_for_its_audience_until_it_expires(cast: Cast, now: datetime) -> None:
    arabic = Audience.objects.create(organisation=cast.atlas, name="Arabe", rule={"languages": ["ar"]})
    story = make_published_story(cast.ines, captions={"ar": "سطح يعمل."}, audience=arabic, now=now)
    after = now + timedelta(days=14)

    assert queries.get_live_story_for(cast.noor, story.code, now) == story
    with pytest.raises(NotFound):
        queries.get_live_story_for(cast.ana, story.code, now)
    with pytest.raises(NotFound):
        queries.get_live_story_for(cast.noor, story.code, after)


def test_live_story_archived_or_draft_is_not_found(cast: Cast, now: datetime) -> None:
    draft, gone = make_story(cast.ines, now=now), make_published_story(cast.ines, now=now)
    publishing.archive_story(story=gone, person=cast.ines, now=now)

    for story in (draft, gone):
        with pytest.raises(NotFound):
            queries.get_live_story_for(cast.ana, story.code, now)


def test_nothing_of_another_organisation_is_found(cast: Cast, now: datetime) -> None:
    story = make_published_story(cast.ines, now=now)
    caption = story.captions.get()

    with tenancy.acting_for(cast.other.pk):
        for get, code in (
            (queries.get_story_for, story.code),
            (queries.get_story_to_edit_for, story.code),
            (queries.get_caption_for, caption.code),
        ):
            with pytest.raises(NotFound):
                get(cast.otto, code)
        assert list(queries.stories_for(cast.otto)) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_stories_cost_the_same_whatever_their_number(
    cast: Cast, now: datetime, rows: int, django_assert_num_queries: object
) -> None:
    for place in range(rows):
        make_story(cast.ines, title=f"Histoire {place}", now=now)
    assert cast.ines.roles

    with django_assert_num_queries(3):  # type: ignore[operator]
        for story in queries.stories_for(cast.ines):
            assert len(story.captions.all()) == 1
            assert story.author == cast.ines
