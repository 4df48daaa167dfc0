"""Pictures of a story: taken from the page, or brought by the editor; always re-encoded by us."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.codes import new_code
from portevoix.core.errors import Refusal
from portevoix.library.actions.writing import refuse_unless_editable, touch
from portevoix.library.models import Picture, Story
from portevoix.library.pictures import Card, PictureRefused, fit_card
from portevoix.library.rules import PICTURE_BYTES, PICTURES_PER_STORY, problem_words
from portevoix.people.models import Person


def add_picture(*, story: Story, person: Person, content: bytes, now: datetime, alt: str = "") -> Picture:
    """Adds a picture to a story, first when it has none; refuses a fifth one, 8 MB, and what is no picture."""
    refuse_unless_editable(story, person)
    if len(content) > PICTURE_BYTES:
        raise Refusal(
            "picture_too_heavy",
            _("This file is too heavy: %(megabytes)s MB at most."),
            field="picture",
            facts={"megabytes": PICTURE_BYTES // 1_000_000},
        )
    try:
        card = fit_card(content)
    except PictureRefused as why:
        raise Refusal(why.code, problem_words(why.code), field="picture") from None
    with transaction.atomic():
        count = Picture.unscoped.select_for_update().filter(story=story).count()
        if count >= PICTURES_PER_STORY:
            raise Refusal(
                "too_many_pictures",
                _("A story holds %(limit)s pictures: remove one first."),
                field="picture",
                facts={"limit": PICTURES_PER_STORY},
            )
        picture = keep_card(story=story, card=card, position=count, alt=alt.strip()[:300])
        touch(story, person, "add_picture", now)
    return picture


@transaction.atomic
def remove_picture(*, picture: Picture, person: Person, now: datetime) -> Story:
    """Takes a picture off a story, and its file off the disk."""
    story = picture.story
    refuse_unless_editable(story, person)
    file = picture.file
    picture.delete()
    transaction.on_commit(lambda: file.delete(save=False))
    touch(story, person, "remove_picture", now)
    return story


def keep_card(*, story: Story, card: Card, position: int, alt: str = "") -> Picture:
    """Writes a re-encoded picture and its row; its file is named by its code."""
    code = new_code()
    picture = Picture(
        organisation_id=story.organisation_id,
        story=story,
        code=code,
        width=card.width,
        height=card.height,
        media_type=card.media_type,
        alt=alt,
        position=position,
    )
    picture.file.save(f"{code}.jpg", ContentFile(card.content), save=True)
    return picture
