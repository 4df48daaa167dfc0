"""Pages open to anyone: pictures, errors, the notice, the language."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.base import ContentFile
from django.test import Client, RequestFactory

from cast import Cast
from portevoix.library.models import Picture, Story
from portevoix.web.public import errors


@pytest.fixture
def picture(cast: Cast, now: datetime) -> Picture:
    story = Story.objects.create(
        organisation=cast.atlas, title="x", created_at=now, updated_at=now, published_at=now
    )
    row = Picture(organisation=cast.atlas, story=story, width=1, height=1)
    row.file.save("a.jpg", ContentFile(b"jpeg"))
    row.save()
    return row


def test_picture_is_served_shut_in_and_for_long(picture: Picture, client: Client) -> None:
    answer = client.get(f"/pictures/{picture.code}")

    assert b"".join(answer.streaming_content) == b"jpeg"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_picture_without_its_file_is_nowhere(picture: Picture, client: Client) -> None:
    picture.file.storage.delete(picture.file.name)

    assert client.get(f"/pictures/{picture.code}").status_code == 404


def test_our_fault_is_said_without_the_database(
    db: None, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        answer = errors.our_fault(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "حدث خلل من جهتنا" in answer.content.decode()


def test_health_answers(db: None, client: Client) -> None:
    assert client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Vos droits"), ("en", "Your rights"), ("ar", "حقوقكم")]
)
def test_visitor_chooses_the_language(db: None, client: Client, language: str, words: str) -> None:
    client.post("/language", {"language": language}, headers={"referer": "http://testserver/privacy"})

    page = client.get("/privacy").content.decode()

    assert words in page
    assert f'<html lang="{language}"' in page


def test_choice_of_a_person_is_kept_with_the_log_in(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.account)

    answer = client.post("/language", {"language": "ar"}, headers={"referer": "https://evil.example/"})

    cast.ana.account.refresh_from_db()
    assert (cast.ana.account.language, answer.headers["Location"]) == ("ar", "/")


def test_form_too_old_is_said_in_words(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/language", {"language": "fr"})

    assert answer.status_code == 403
    assert "resté ouvert trop longtemps" in answer.content.decode()
