"""A story's document: a PDF, one at a time, whose file goes when it does."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from cast import Cast
from make_library import make_story
from portevoix.core.errors import NotFound, Refusal
from portevoix.library.actions.documents import remove_document, set_document
from portevoix.library.models import Document
from portevoix.library.rules import DOCUMENT_BYTES

PDF = b"%PDF-1.7\n1 0 obj\n"


def files(settings: Any) -> list[str]:
    return [path.name for path in Path(settings.MEDIA_ROOT).rglob("*.pdf")]


def test_document_is_kept_under_a_title_that_people_read(cast: Cast, now: datetime, settings: Any) -> None:
    story = make_story(cast.ines, now=now)

    document = set_document(
        story=story, person=cast.ines, content=PDF, title="C:\\plans\\Rapport_annuel_2026.pdf", now=now
    )

    assert document.title == "Rapport annuel 2026"
    assert default_storage.open(document.file.name).read() == PDF
    assert files(settings) == [f"{document.code}.pdf"]


def test_another_document_takes_the_place_of_the_first(
    cast: Cast, now: datetime, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    story = make_story(cast.ines, now=now)
    with django_capture_on_commit_callbacks(execute=True):
        set_document(story=story, person=cast.ines, content=PDF, title="a.pdf", now=now)
        second = set_document(story=story, person=cast.ines, content=PDF, title="b.pdf", now=now)

    assert Document.objects.get() == second
    assert files(settings) == [f"{second.code}.pdf"]


def test_document_that_is_taken_off_leaves_no_file(
    cast: Cast, now: datetime, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    story = make_story(cast.ines, now=now)
    document = set_document(story=story, person=cast.ines, content=PDF, title="a.pdf", now=now)

    with django_capture_on_commit_callbacks(execute=True):
        remove_document(document=document, person=cast.ines, now=now)

    assert not Document.objects.exists()
    assert files(settings) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_pdf"),
        (b"<html>", "not_a_pdf"),
        (b" %PDF-1.7", "not_a_pdf"),
        (PDF + b"0" * DOCUMENT_BYTES, "document_too_heavy"),
    ],
)
def test_what_is_no_document_is_refused_beside_its_field(
    cast: Cast, now: datetime, content: bytes, code: str
) -> None:
    story = make_story(cast.ines, now=now)

    with pytest.raises(Refusal) as refusal:
        set_document(story=story, person=cast.ines, content=content, title="a.pdf", now=now)

    assert (refusal.value.code, refusal.value.field) == (code, "document")


def test_title_that_hides_something_is_only_text(cast: Cast, now: datetime) -> None:
    story = make_story(cast.ines, now=now)

    document = set_document(
        story=story, person=cast.ines, content=PDF, title="../../etc/\x00passwd.pdf", now=now
    )

    assert document.title == "passwd"
    assert ".." not in document.file.name


def test_document_of_another_organisation_s_story_is_refused(cast: Cast, now: datetime) -> None:
    story = make_story(cast.ines, now=now)

    with pytest.raises((Refusal, NotFound)):
        set_document(story=story, person=cast.otto, content=PDF, title="a.pdf", now=now)
