"""The lists of the studio: the same cost whatever their length; refused forms keep what was typed."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from cast import Cast
from make_library import PaperDoor, feed, make_pillar, make_published_story, make_story
from portevoix.core import clock
from portevoix.editorial.actions.phrases import add_forbidden_phrase
from portevoix.library.actions import publishing, sources, suggestions
from portevoix.library.models import StoryState, Suggestion

Browse = Callable[[object], Client]


@pytest.fixture
def moment() -> datetime:
    return clock.now()


def queries_of(client: Client, address: str, capture: object) -> int:
    with capture() as seen:  # type: ignore[operator]
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.fixture
def capture() -> object:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


def fill(cast: Cast, moment: datetime, rows: int) -> None:
    """That many of everything the studio lists."""
    for place in range(rows):
        pillar = make_pillar(cast.ines, f"Pilier {place}", now=moment)
        add_forbidden_phrase(
            organisation=cast.atlas, person=cast.ines, phrase=f"mot {place}", reason="Non.", now=moment
        )
        live = make_published_story(cast.ines, title=f"En ligne {place}", pillar=pillar, now=moment)
        publishing.feature_story(story=live, person=cast.ines, now=moment)
        waiting = make_story(cast.chloe, title=f"À relire {place}", now=moment)
        publishing.submit_for_review(story=waiting, person=cast.chloe, now=moment)
        suggestions.suggest_story(person=cast.ana, link=f"https://gazette.example/{place}", now=moment)
        address = f"https://gazette.example/flux-{place}"
        sources.add_source(
            organisation=cast.atlas,
            person=cast.ines,
            address=address,
            pillar=pillar,
            now=moment,
            door=PaperDoor({address: feed()}),  # type: ignore[arg-type]
        )


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("/studio/library", 14),
        ("/studio/library/review", 7),
        ("/studio/sources", 6),
        ("/studio/suggestions", 6),
        ("/studio/line", 8),
    ],
)
def test_lists_cost_the_same_whatever_their_number(
    cast: Cast, browse: Browse, moment: datetime, capture: object, rows: int, address: str, count: int
) -> None:
    fill(cast, moment, rows)

    assert queries_of(browse(cast.ines), address, capture) == count


def test_library_filters_by_state_and_words(cast: Cast, browse: Browse, moment: datetime) -> None:
    fill(cast, moment, 2)

    answer = browse(cast.ines).get("/studio/library?state=published&q=ligne+1")

    assert [story.title for story in answer.context["page"]] == ["En ligne 1"]


@pytest.mark.parametrize("query", ["page=-1", "page=zzz", "state=nowhere", "pillar=%27%3B--"])
def test_library_survives_any_address(cast: Cast, browse: Browse, moment: datetime, query: str) -> None:
    make_story(cast.ines, now=moment)

    assert browse(cast.ines).get(f"/studio/library?{query}").status_code == 200


def test_review_sent_back_without_a_note_keeps_the_story_and_says_why(
    cast: Cast, browse: Browse, moment: datetime
) -> None:
    story = make_story(cast.chloe, now=moment)
    publishing.submit_for_review(story=story, person=cast.chloe, now=moment)

    answer = browse(cast.ines).post(f"/studio/library/{story.code}/refuse", {"note": "  "})

    story.refresh_from_db()
    assert (answer.status_code, story.state) == (422, StoryState.IN_REVIEW)
    assert "l’auteur lit ce mot" in answer.content.decode()


def test_suggestion_is_answered_with_a_note(cast: Cast, browse: Browse, moment: datetime) -> None:
    row = suggestions.suggest_story(person=cast.ana, link="https://gazette.example/a", now=moment)

    browse(cast.ines).post(f"/studio/suggestions/{row.code}/refuse", {"note": "Déjà traité."})

    row.refresh_from_db()
    assert (row.state, row.note) == (Suggestion.State.REFUSED, "Déjà traité.")


def test_line_keeps_a_disclosure_that_is_too_long_in_the_form(
    cast: Cast, browse: Browse, moment: datetime
) -> None:
    answer = browse(cast.ines).post(
        "/studio/line/disclosure", {"fr": "x" * 121, "en": "I work at Atlas.", "ar": ""}
    )

    body = answer.content.decode()
    assert "x" * 121 in body
    assert "120 caractères au plus" in body
