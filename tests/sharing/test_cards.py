"""Every story that is out has a card: its picture, or a drawing that says what it is."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from cast import Cast
from make_clicks import make_link, make_published_story, make_share
from portevoix.library.actions.pictures import keep_card as keep_picture
from portevoix.library.models import Story
from portevoix.library.pictures import Card as Picture
from portevoix.links.models import Card
from portevoix.sharing import drawing
from portevoix.sharing.cards import keep_card_of
from portevoix.sharing.drawing import Words, can_shape, draw_card, fitted, stretches
from portevoix.sharing.jobs import draw_missing_cards

TITLE = "À Settat, l’atelier qui redonne vie aux panneaux"
ARABIC = "سطوح المدينة تُضيء: 12 مشروعًا مع Atlas (2026)"


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(
        cast.atlas, TITLE, now=now, summary="On y  répare.\n" + "Bien. " * 80, language="fr"
    )


def test_story_without_a_picture_has_a_drawing(story: Story, now: datetime) -> None:
    card = keep_card_of(story, now)

    assert card is not None
    assert (card.title, card.page, card.site) == (TITLE, "https://atlas.example/story", "atlas.example")
    assert (len(card.description) <= 300, card.description[:13]) == (True, "On y répare. ")
    assert card.picture == f"/cards/{card.code}.png?v={card.drawn_from[:8]}"
    with card.drawing.open("rb") as file:
        drawn = Image.open(io.BytesIO(file.read()))
    assert (drawn.format, drawn.size, card.alt) == ("PNG", (card.width, card.height), TITLE)


def test_drawing_is_made_again_only_for_other_words(
    story: Story, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    first = keep_card_of(story, now)
    again = keep_card_of(story, now)
    story.title = "Autre titre"
    with django_capture_on_commit_callbacks(execute=True):
        other = keep_card_of(story, now)

    assert first
    assert again
    assert other
    assert (again.drawing.name, again.pk) == (first.drawing.name, first.pk)
    assert (other.code, other.picture != first.picture) == (first.code, True)
    assert other.drawing.storage.exists(other.drawing.name)
    assert other.drawing.name == first.drawing.name or not first.drawing.storage.exists(first.drawing.name)


def test_picture_of_the_story_takes_the_place_of_the_drawing(story: Story, now: datetime) -> None:
    keep_card_of(story, now)
    picture = keep_picture(
        story=story, card=Picture(b"jpeg", 1200, 600, "image/jpeg"), position=0, alt="Un atelier"
    )

    card = keep_card_of(story, now)

    assert card is not None
    assert (card.picture, card.height, card.alt) == (f"/pictures/{picture.code}", 600, "Un atelier")
    assert not card.drawing


def test_card_names_the_page_without_what_counts(story: Story, now: datetime) -> None:
    story.link = "https://atlas.example/a?id=3&utm_source=mail&utm_medium=x"

    card = keep_card_of(story, now)

    assert card is not None
    assert card.page == "https://atlas.example/a?id=3"


def test_story_that_stays_inside_has_no_card(story: Story, now: datetime) -> None:
    story.is_internal = True

    assert keep_card_of(story, now) is None


def test_missing_cards_are_made_and_shown_by_links(cast: Cast, story: Story, now: datetime) -> None:
    share = make_share(cast.ana, story, at=now)
    elsewhere = make_link(cast.atlas, now=now)

    assert draw_missing_cards(now) == 1
    assert draw_missing_cards(now) == 0

    share.link.refresh_from_db()
    elsewhere.refresh_from_db()
    assert share.link.card == Card.objects.get(subject=story.code)
    assert elsewhere.card is None
    late = make_share(cast.noor, story, at=now + timedelta(minutes=1))
    assert draw_missing_cards(now) == 1
    late.link.refresh_from_db()
    assert late.link.card == share.link.card


@pytest.mark.parametrize(
    ("told", "organisation", "title", "language"),
    [
        ("en", "ar", "Rooftops", "en"),
        ("", "ar", "Toits", "fr"),
        ("", "en", "Roofs", "en"),
        ("", "fr", "2026: سطوح", "ar"),
    ],
)
def test_card_speaks_the_language_of_its_title(
    story: Story, told: str, organisation: str, title: str, language: str, now: datetime
) -> None:
    story.language, story.organisation.language, story.title = told, organisation, title

    card = keep_card_of(story, now)

    assert card is not None
    assert card.language == language


def test_drawing_is_served_to_anyone_for_an_hour(
    cast: Cast, story: Story, now: datetime, client: Any
) -> None:
    card = keep_card_of(story, now)
    assert card is not None

    answer = client.get(card.picture)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert client.get("/cards/absent.png").status_code == 404


@pytest.mark.parametrize("title", ["x" * 300, "Bien " * 60, "🎉🎉", "", ARABIC, "Ωμέγα Škoda"])
@pytest.mark.parametrize("is_rtl", [True, False])
def test_any_title_fits_its_room(title: str, is_rtl: bool) -> None:
    size, lines = fitted(title, is_rtl)

    assert len(lines) * size <= drawing.TITLE_ROOM
    widest = max(sum(one.width for one in line) for line in lines)
    assert widest <= drawing.DRAWING_SIZE[0] - 2 * drawing.MARGIN


@pytest.mark.skipif(not can_shape(), reason="libfribidi is not installed here")
def test_stretches_stand_as_they_are_read() -> None:
    seen = stretches(ARABIC, 600, 48, True)

    assert [(one.text.strip(), one.is_rtl) for one in seen if one.text.strip()] == [
        ("Atlas (2026)", False), ("مشروعًا مع", True), ("12", False), (":", True), ("سطوح المدينة تُضيء", True),
    ]  # fmt: skip


@pytest.mark.skipif(not can_shape(), reason="libfribidi is not installed here")
def test_arabic_letters_are_joined() -> None:
    [joined] = stretches("بيت", 600, 48, True)
    apart = sum(stretches(sign, 600, 48, True)[0].width for sign in "بيت")

    assert joined.width < apart * 0.9


def test_arabic_that_cannot_be_shaped_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Words("سطوح المدينة", "Atlas", "", "ar")
    monkeypatch.setattr(drawing.features, "check", lambda name: False)
    drawing.can_shape.cache_clear()
    try:
        bare, latin = draw_card(words), draw_card(Words("Toits", "Atlas", "", "ar"))
    finally:
        drawing.can_shape.cache_clear()

    assert bare == draw_card(Words("", "", "", "ar"))
    assert latin != bare
