"""Captions: the proposed texts of a story, each in one language, for one network or all of them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.library.actions.writing import checked_angle, checked_caption, refuse_unless_editable, touch
from portevoix.library.models import Caption, Story, StoryState
from portevoix.library.rules import CAPTIONS_PER_STORY
from portevoix.people.models import Language, Person


@transaction.atomic
def add_caption(
    *,
    story: Story,
    person: Person,
    language: str,
    now: datetime,
    network: str = "",
    angle: str = "",
    text: str = "",
) -> Caption:
    """Adds a caption, empty while it is being written; an empty network means all of them.

    Refuses a sixteenth caption, an unknown language, a text too long, and an empty one on a published story.
    """
    story = Story.unscoped.select_for_update().get(pk=story.pk)
    refuse_unless_editable(story, person)
    existing, is_live = Caption.unscoped.filter(story=story), story.state == StoryState.PUBLISHED
    if language not in Language.values:
        raise Refusal("unknown_language", _("Portevoix does not speak this language."), field="language")
    if existing.count() >= CAPTIONS_PER_STORY:
        raise Refusal(
            "too_many_captions",
            _("A story holds %(limit)s captions: remove one first."),
            field="captions",
            facts={"limit": CAPTIONS_PER_STORY},
        )
    last = existing.aggregate(last=Max("position"))["last"]
    caption = Caption.unscoped.create(
        organisation_id=story.organisation_id,
        story=story,
        language=language,
        network=network,
        angle=checked_angle(angle),
        # What is out is never empty: until it is written, a new caption says the title.
        text=checked_caption(text, is_live=False) or (story.title if is_live else ""),
        position=0 if last is None else last + 1,
    )
    touch(story, person, "add_caption", now)
    return caption


@transaction.atomic
def change_caption(
    *,
    caption: Caption,
    person: Person,
    now: datetime,
    text: str | None = None,
    angle: str | None = None,
    network: str | None = None,
) -> Caption:
    """Rewrites a caption, names its angle, or gives it another network; what is not given stays."""
    story = caption.story
    refuse_unless_editable(story, person)
    if text is not None:
        caption.text = checked_caption(text, is_live=story.state == StoryState.PUBLISHED)
    if angle is not None:
        caption.angle = checked_angle(angle)
    if network is not None:
        caption.network = network
    caption.save(update_fields=["text", "angle", "network"])
    touch(story, person, "change_caption", now)
    return caption


@transaction.atomic
def remove_caption(*, caption: Caption, person: Person, now: datetime) -> Story:
    """Removes a caption; refuses the last one of a published story."""
    story = caption.story
    refuse_unless_editable(story, person)
    others = Caption.unscoped.filter(story=story).exclude(pk=caption.pk).exclude(text="")
    if story.state == StoryState.PUBLISHED and not others.exists():
        raise Refusal("last_caption", _("A published story keeps one caption at least."), field="captions")
    caption.delete()
    touch(story, person, "remove_caption", now)
    return story
