"""The document of a story: a PDF that networks which show documents publish page by page."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.codes import new_code
from portevoix.core.errors import Refusal
from portevoix.library.actions.writing import refuse_unless_editable, touch
from portevoix.library.models import Document, Story
from portevoix.library.rules import DOCUMENT_BYTES, DOCUMENT_TITLE_LENGTH
from portevoix.people.models import Person

SIGNATURE = b"%PDF-"
MEDIA_TYPE = "application/pdf"


@transaction.atomic
def set_document(*, story: Story, person: Person, content: bytes, title: str, now: datetime) -> Document:
    """Gives a story its document, in place of the one it had; refuses more than 10 MB, and what is no PDF."""
    refuse_unless_editable(story, person)
    if len(content) > DOCUMENT_BYTES:
        raise Refusal(
            "document_too_heavy",
            _("This document is too heavy: %(megabytes)s MB at most."),
            field="document",
            facts={"megabytes": DOCUMENT_BYTES // 1_000_000},
        )
    if not content.startswith(SIGNATURE):
        raise Refusal("not_a_pdf", _("This is not a PDF document."), field="document")
    _forget(story)
    code = new_code()
    row = Document(
        organisation_id=story.organisation_id,
        story=story,
        code=code,
        title=_title(title) or story.title[:DOCUMENT_TITLE_LENGTH] or code,
        size_bytes=len(content),
    )
    row.file.save(f"{code}.pdf", ContentFile(content), save=True)
    touch(story, person, "set_document", now)
    return row


@transaction.atomic
def remove_document(*, document: Document, person: Person, now: datetime) -> Story:
    """Takes the document off its story, and its file off the disk."""
    story = document.story
    refuse_unless_editable(story, person)
    _forget(story)
    touch(story, person, "remove_document", now)
    return story


def _forget(story: Story) -> None:
    before = Document.unscoped.filter(story=story).first()
    if before is not None:
        file = before.file
        before.delete()
        transaction.on_commit(lambda: file.delete(save=False))


def _title(title: str) -> str:
    """A file's name as people read it."""
    plain = title.replace("\x00", "").rsplit("/", 1)[-1].rsplit("\\", 1)[-1].removesuffix(".pdf")
    return " ".join(plain.replace("_", " ").split())[:DOCUMENT_TITLE_LENGTH]
