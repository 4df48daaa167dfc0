"""What an editor types into a story: saved as it comes, field by field, so that nothing typed is lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core import events
from portevoix.core.errors import Refusal
from portevoix.library.events import StoryChanged
from portevoix.library.models import Caption, Story, StoryState
from portevoix.library.rules import (
    ANGLE_LENGTH,
    CAPTION_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    WHY_LENGTH,
    may_edit,
)
from portevoix.networks.linkedin.company_posts import company_post_urn, names_activity
from portevoix.people import trail
from portevoix.people.models import Language, Person
from portevoix.people.roles import Ability

TEXTS = {"title": TITLE_LENGTH, "summary": SUMMARY_LENGTH, "why": WHY_LENGTH}
FIELDS = (
    *TEXTS, "pillar", "audience", "expires_at", "is_internal", "is_rewarded", "company_post", "language",
    "carries_click_ids",
)  # fmt: skip


@dataclass(frozen=True)
class Saved:
    """A story after saving, and what was refused: by field, or by `caption-CODE`. The rest is kept."""

    story: Story
    refusals: dict[str, Refusal] = field(default_factory=dict)


@transaction.atomic
def save_story(
    *,
    story: Story,
    person: Person,
    now: datetime,
    changes: Mapping[str, Any],
    captions: Mapping[str, str] | None = None,
    angles: Mapping[str, str] | None = None,
) -> Saved:
    """Saves the fields given (`FIELDS`), and the texts of captions and the names of their angles by their codes.

    A value that will not do is refused alone, the others are kept. Refuses as a whole somebody who may not change the
    story as it stands. A published story tells those above that it says something else.
    """
    fresh: Story = Story.unscoped.select_for_update().get(pk=story.pk)
    refuse_unless_editable(fresh, person)
    refusals: dict[str, Refusal] = {}
    written = [name for name in FIELDS if name in changes]
    changed = [name for name in written if _tried(refusals, name, _set(fresh, name, changes[name], now))]
    changed += _save_captions(fresh, captions or {}, refusals)
    changed += _save_angles(fresh, angles or {})
    if changed:
        fresh.updated_at = now
        fresh.save(update_fields=[name for name in changed if name in FIELDS] + ["updated_at"])
        _tell(fresh, person, now)
    return Saved(fresh, refusals)


def refuse_unless_editable(story: Story, person: Person) -> None:
    """Refuses somebody who may not change the story as it stands."""
    is_author = story.author_id == person.pk
    if not may_edit(
        state=story.state, is_author=is_author, publishes=person.may(Ability.PUBLISH_STORIES)
    ) or (story.organisation_id != person.organisation_id):
        raise Refusal("cannot_edit", _("This story can no longer be changed: an editor has it now."))


def refuse_unless_editor(person: Person) -> None:
    """Refuses somebody whose roles do not publish."""
    if not person.may(Ability.PUBLISH_STORIES):
        raise Refusal("editor_needed", _("An editor decides on this. Send the story for review."))


def touch(story: Story, person: Person, act: str, now: datetime, **facts: Any) -> None:
    """Says that a story changed: its day, the trail, and the news when it may be shared."""
    story.updated_at = now
    story.save(update_fields=["updated_at"])
    trail.record(
        organisation_id=story.organisation_id, person=person, act=act, subject=story.code, now=now, **facts
    )
    tell_if_live(story)


def tell_if_live(story: Story) -> None:
    """Publishes `StoryChanged` when the story may be shared."""
    if story.state == StoryState.PUBLISHED:
        events.publish(
            StoryChanged(organisation_id=story.organisation_id, story_id=story.pk, story_code=story.code)
        )


def checked_caption(text: str, *, is_live: bool) -> str:
    """The text of a caption as it will be kept; refuses more than 5,000 characters, and none on a published story."""
    kept = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(kept) > CAPTION_LENGTH:
        raise Refusal(
            "caption_too_long",
            _(
                "This text has %(length)s characters; a caption holds %(limit)s. Your text is still here: shorten it."
            ),
            field="text",
            facts={"length": _spaced(len(kept)), "limit": _spaced(CAPTION_LENGTH)},
        )
    if is_live and not kept:
        raise Refusal(
            "caption_empty", _("People may be sharing this text: remove the caption instead."), field="text"
        )
    return kept


def checked_angle(angle: str) -> str:
    """The name of an angle as it will be kept: one line, cut at its length."""
    return " ".join(angle.replace("\x00", "").split())[:ANGLE_LENGTH]


def _spaced(count: int) -> str:
    return f"{count:_}".replace("_", "\u202f")


def _tried(refusals: dict[str, Refusal], name: str, attempt: Callable[[], bool]) -> bool:
    try:
        return attempt()
    except Refusal as why:
        refusals[name] = why
        return False


def _set(story: Story, name: str, value: Any, now: datetime) -> Callable[[], bool]:
    def attempt() -> bool:
        kept = _checked(story, name, value, now)
        is_new: bool = getattr(story, name) != kept
        setattr(story, name, kept)
        return is_new

    return attempt


def _checked(story: Story, name: str, value: Any, now: datetime) -> Any:
    if name in TEXTS:
        return _checked_text(story, name, value)
    if (
        name in ("pillar", "audience")
        and value is not None
        and value.organisation_id != story.organisation_id
    ):
        raise Refusal("not_ours", _("Choose one of the list."), field=name)
    if name == "language" and value not in ("", *Language.values):
        raise Refusal("unknown_language", _("Portevoix does not speak this language."), field=name)
    if name == "expires_at" and value is not None and value <= now and value != story.expires_at:
        raise Refusal("expiry_past", _("Choose a day to come: a story ends after today."), field=name)
    if name == "company_post":
        return _checked_company_post(value)
    if name == "is_internal" and story.state == StoryState.PUBLISHED and value != story.is_internal:
        raise Refusal("already_out", _("This story is out: archive it to change that."), field=name)
    return value


def _checked_company_post(value: str) -> str:
    """The name of the company's post, from whatever was pasted; refuses what names none that can be passed on."""
    if not value.strip():
        return ""
    found = company_post_urn(value)
    if found is None and names_activity(value):
        raise Refusal(
            "only_an_activity",
            _(
                "This address names a place in LinkedIn’s feed, which cannot be passed on. In the post’s menu choose"
                " “Embed this post”, and paste the whole code here: it names the post itself."
            ),
            field="company_post",
        )
    if found is None:
        raise Refusal(
            "not_a_post",
            _("Paste the address of one post: on LinkedIn, open its menu and choose “Copy link to post”."),
            field="company_post",
        )
    return found


def _checked_text(story: Story, name: str, value: str) -> str:
    kept = value.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(kept) > TEXTS[name]:
        raise Refusal(
            "too_long",
            _("%(length)s characters; %(limit)s at most. Your text is still here: shorten it."),
            field=name,
            facts={"length": len(kept), "limit": TEXTS[name]},
        )
    if name == "title" and not kept and story.state == StoryState.PUBLISHED:
        raise Refusal("no_title", _("A published story keeps a title."), field=name)
    return kept


def _save_captions(story: Story, captions: Mapping[str, str], refusals: dict[str, Refusal]) -> list[str]:
    """The codes of the captions that changed. Codes of other stories are left alone."""
    changed = []
    for caption in Caption.unscoped.filter(story=story, code__in=captions):
        try:
            kept = checked_caption(captions[caption.code], is_live=story.state == StoryState.PUBLISHED)
        except Refusal as why:
            refusals[f"caption-{caption.code}"] = why
            continue
        if kept != caption.text:
            Caption.unscoped.filter(pk=caption.pk).update(text=kept)
            changed.append(caption.code)
    return changed


def _save_angles(story: Story, angles: Mapping[str, str]) -> list[str]:
    changed = []
    for caption in Caption.unscoped.filter(story=story, code__in=angles):
        kept = checked_angle(angles[caption.code])
        if kept != caption.angle:
            Caption.unscoped.filter(pk=caption.pk).update(angle=kept)
            changed.append(caption.code)
    return changed


def _tell(story: Story, person: Person, now: datetime) -> None:
    if story.is_open_ended:
        # Drafts are saved as they are typed: a line of the trail each time would bury the others.
        return
    trail.record(
        organisation_id=story.organisation_id, person=person, act="change_story", subject=story.code, now=now
    )
    tell_if_live(story)
