"""The life of a story: sent for review, published, scheduled, refused, archived, restored, extended, featured.

`_move` is the only door to a state.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portevoix.core import events
from portevoix.core.errors import Refusal
from portevoix.editorial.models import ForbiddenPhrase
from portevoix.editorial.rules import Finding, find_forbidden
from portevoix.library.actions.writing import refuse_unless_editable, refuse_unless_editor, tell_if_live
from portevoix.library.events import StoryPublished, StoryWithdrawn
from portevoix.library.models import Caption, Destination, Story, StoryState
from portevoix.library.rules import FEATURED_SLOTS, NOTE_LENGTH, missing_languages
from portevoix.library.states import may_move
from portevoix.people import trail
from portevoix.people.models import Language, Organisation, Person


@transaction.atomic
def submit_for_review(*, story: Story, person: Person, now: datetime) -> Story:
    """Hands a draft to the editors; refuses one without title or caption."""
    story = _locked(story)
    refuse_unless_editable(story, person)
    _refuse_unfinished(story)
    story.review_note = ""
    return _move(story, StoryState.IN_REVIEW, person, "submit_for_review", now)


@transaction.atomic
def publish_story(
    *,
    story: Story,
    person: Person,
    now: datetime,
    confirm_destination: bool = False,
    confirm_phrases: bool = False,
) -> Story:
    """Puts a story before its audience until it expires; 14 days when no day was chosen.

    Refuses those who are no editors; a story without title or caption, or without one in a language its audience
    names; a full library; and asks to confirm, once each, a forbidden phrase and a site nobody has confirmed yet.
    """
    story = _locked(story)
    refuse_unless_editor(person)
    _refuse_unfit(story, person, now, confirm_destination, confirm_phrases)
    _refuse_full_library(story.organisation, now)
    return open_story(story, person, now)


@transaction.atomic
def schedule_story(
    *,
    story: Story,
    person: Person,
    publish_at: datetime,
    now: datetime,
    confirm_destination: bool = False,
    confirm_phrases: bool = False,
) -> Story:
    """Sets the moment a story goes out by itself; refuses a moment gone by, and what `publish_story` refuses."""
    story = _locked(story)
    refuse_unless_editor(person)
    if publish_at <= now:
        raise Refusal("moment_past", _("Choose a moment to come."), field="publish_at")
    if story.expires_at and story.expires_at <= publish_at:
        raise Refusal("ends_before", _("The story would end before it begins."), field="expires_at")
    _refuse_unfit(story, person, now, confirm_destination, confirm_phrases)
    story.publish_at = publish_at
    story.reviewed_by = person
    return _move(story, StoryState.SCHEDULED, person, "schedule_story", now)


@transaction.atomic
def publish_checked(*, story: Story, now: datetime) -> Story:
    """Publishes what came from a source by itself; refuses whatever needs an editor's judgement."""
    story = _locked(story)
    captions = _refuse_unfinished(story)
    _refuse_missing_languages(story, captions)
    _ask_about_phrases(story, captions)
    _refuse_full_library(story.organisation, now)
    return open_story(story, None, now)


@transaction.atomic
def publish_scheduled_story(*, story: Story, now: datetime) -> Story:
    """Puts out a story whose moment has come; one that is no longer scheduled stays as it is, a full library waits."""
    story = _locked(story)
    if story.state != StoryState.SCHEDULED or story.publish_at is None or story.publish_at > now:
        return story
    _refuse_full_library(story.organisation, now)
    return open_story(story, None, now)


@transaction.atomic
def refuse_story(*, story: Story, person: Person, note: str, now: datetime) -> Story:
    """Gives a story back to its author with a note; refuses an empty note."""
    story = _locked(story)
    refuse_unless_editor(person)
    kept = note.strip()[:NOTE_LENGTH]
    if not kept:
        raise Refusal(
            "no_note", _("Say what would make it publishable: the author reads this note."), field="note"
        )
    story.review_note = kept
    story.reviewed_by = person
    return _move(story, StoryState.DRAFT, person, "refuse_story", now)


@transaction.atomic
def archive_story(*, story: Story, person: Person, now: datetime) -> Story:
    """Puts a story away; if it was out, its links lead to the company's page from now on."""
    story = _locked(story)
    refuse_unless_editable(story, person)
    was_live = story.state == StoryState.PUBLISHED
    story.featured_at = None
    story = _move(story, StoryState.ARCHIVED, person, "archive_story", now)
    if was_live:
        _announce(StoryWithdrawn, story)
    return story


@transaction.atomic
def restore_story(*, story: Story, person: Person, now: datetime) -> Story:
    """Takes a story out of the archive, as a draft."""
    story = _locked(story)
    refuse_unless_editor(person)
    story.publish_at = story.expires_at = None
    return _move(story, StoryState.DRAFT, person, "restore_story", now)


@transaction.atomic
def expire_story(*, story: Story, now: datetime) -> Story:
    """Ends a story whose day has come; any other stays as it is."""
    story = _locked(story)
    if story.state != StoryState.PUBLISHED or story.is_live(now):
        return story
    story.featured_at = None
    story = _move(story, StoryState.EXPIRED, None, "expire_story", now)
    _announce(StoryWithdrawn, story)
    return story


@transaction.atomic
def extend_expiry(*, story: Story, person: Person, expires_at: datetime, now: datetime) -> Story:
    """Gives a published story another end, or an expired one a second life; refuses a day gone by."""
    story = _locked(story)
    refuse_unless_editor(person)
    if expires_at <= now:
        raise Refusal("expiry_past", _("Choose a day to come: a story ends after today."), field="expires_at")
    story.expires_at = expires_at
    if story.state == StoryState.EXPIRED:
        _refuse_full_library(story.organisation, now)
        return open_story(story, person, now, act="extend_expiry")
    story.updated_at = now
    story.save(update_fields=["expires_at", "updated_at"])
    _record(story, person, "extend_expiry", now)
    tell_if_live(story)
    return story


@transaction.atomic
def feature_story(*, story: Story, person: Person, now: datetime, featured: bool = True) -> Story:
    """Puts a story first, or back among the others. There are five places: the oldest leaves for a sixth."""
    story = _locked(story)
    refuse_unless_editor(person)
    if featured and not story.is_live(now):
        raise Refusal("not_live", _("Only a published story can be featured."))
    story.featured_at = now if featured else None
    story.save(update_fields=["featured_at"])
    taken = Story.unscoped.filter(organisation_id=story.organisation_id, state=StoryState.PUBLISHED)
    taken = taken.exclude(featured_at=None).order_by("-featured_at", "-pk")
    pushed = list(taken.values_list("pk", flat=True)[FEATURED_SLOTS:])
    Story.unscoped.filter(pk__in=pushed).update(featured_at=None)
    _record(story, person, "feature_story" if featured else "unfeature_story", now)
    return story


def find_phrases(organisation: Organisation, captions: Iterable[Caption]) -> dict[str, tuple[Finding, ...]]:
    """The forbidden phrases of each caption, by its code; captions without any are left out."""
    phrases = list(ForbiddenPhrase.unscoped.filter(organisation=organisation).order_by("pk"))
    found = {caption.code: find_forbidden(caption.text, phrases, caption.language) for caption in captions}
    return {code: findings for code, findings in found.items() if findings}


def is_confirmed(organisation: Organisation, link: str) -> bool:
    """Whether stories may lead to the host of this link: the company's own, or one that an editor confirmed."""
    host = host_of(link)
    if not host or host == host_of(organisation.website):
        return True
    return Destination.unscoped.filter(organisation=organisation, host=host).exists()


def host_of(link: str) -> str:
    """The host of a link, as destinations are kept: lower case, without `www.`."""
    return (urlsplit(link).hostname or "").lower().removeprefix("www.")


def open_story(story: Story, person: Person | None, now: datetime, act: str = "publish_story") -> Story:
    """Makes a checked story live. For the actions of this package."""
    story.published_at = now
    story.publish_at = None
    story.review_note = ""
    if person is not None:
        story.reviewed_by = person
    if story.expires_at is None or story.expires_at <= now:
        story.expires_at = now + timedelta(days=story.organisation.story_days)
    # Captions that nobody wrote in the end have nothing to propose.
    Caption.unscoped.filter(story=story, text="").delete()
    story = _move(story, StoryState.PUBLISHED, person, act, now)
    _announce(StoryPublished, story)
    return story


def _locked(story: Story) -> Story:
    fresh: Story = Story.unscoped.select_for_update().get(pk=story.pk)
    return fresh


def _move(story: Story, to: StoryState, person: Person | None, act: str, now: datetime) -> Story:
    if not may_move(story.state, to):
        raise Refusal(
            "move_not_allowed",
            _("The story has moved on meanwhile: it is now “%(state)s”."),
            facts={"state": StoryState(story.state).label},
        )
    story.state = to
    story.updated_at = now
    story.save()
    _record(story, person, act, now)
    return story


def _refuse_unfinished(story: Story) -> list[Caption]:
    captions = [caption for caption in Caption.unscoped.filter(story=story) if caption.text.strip()]
    if not story.title.strip():
        raise Refusal("no_title", _("Give the story a title: it is what people see first."), field="title")
    if not captions:
        raise Refusal(
            "no_caption", _("Write one caption at least: it is what people share."), field="captions"
        )
    return captions


def _refuse_unfit(
    story: Story, person: Person, now: datetime, confirm_destination: bool, confirm_phrases: bool
) -> None:
    captions = _refuse_unfinished(story)
    _refuse_missing_languages(story, captions)
    if story.expires_at and story.expires_at <= now and story.state != StoryState.EXPIRED:
        raise Refusal("expiry_past", _("Choose a day to come: a story ends after today."), field="expires_at")
    if not confirm_phrases:
        _ask_about_phrases(story, captions)
    if not is_confirmed(story.organisation, story.link):
        if not confirm_destination:
            raise _unknown_host(story)
        _confirm_host(story, person, now)


def _refuse_missing_languages(story: Story, captions: list[Caption]) -> None:
    wanted = story.audience.rule.get("languages", []) if story.audience else []
    missing = missing_languages(wanted, {caption.language for caption in captions})
    if missing:
        raise Refusal(
            "language_missing",
            _("The audience also reads in %(languages)s: write a caption for them."),
            field="captions",
            facts={"languages": ", ".join(Language(code).label for code in missing)},
        )


def _ask_about_phrases(story: Story, captions: list[Caption]) -> None:
    found = find_phrases(story.organisation, captions)
    if found:
        words = sorted({finding.found for findings in found.values() for finding in findings})
        raise Refusal(
            "confirm_phrases",
            _("The captions use wordings to avoid: %(phrases)s. Replace them, or publish all the same."),
            field="captions",
            facts={"phrases": ", ".join(f"“{word}”" for word in words)},
        )


def _unknown_host(story: Story) -> Refusal:
    return Refusal(
        "confirm_destination",
        _("This would be the first story that leads to %(host)s. Is it the right site?"),
        field="link",
        facts={"host": host_of(story.link)},
    )


def _confirm_host(story: Story, person: Person, now: datetime) -> None:
    host = host_of(story.link)
    Destination.unscoped.get_or_create(
        organisation_id=story.organisation_id,
        host=host,
        defaults={"confirmed_by": person, "confirmed_at": now},
    )
    trail.record(
        organisation_id=story.organisation_id, person=person, act="confirm_destination", subject=host, now=now
    )


def _refuse_full_library(organisation: Organisation, now: datetime) -> None:
    active = Story.unscoped.filter(organisation=organisation, state=StoryState.PUBLISHED)
    limit = organisation.active_story_limit
    if active.exclude(expires_at__lte=now).count() >= limit:
        raise Refusal(
            "library_full",
            ngettext_lazy(
                "%(limit)s story is out already, as many as your people can read. Archive it first.",
                "%(limit)s stories are out already, as many as your people can read. Archive one first.",
                limit,
            ),
            facts={"limit": limit},
        )


def _announce(kind: type[StoryPublished] | type[StoryWithdrawn], story: Story) -> None:
    events.publish(kind(organisation_id=story.organisation_id, story_id=story.pk, story_code=story.code))


def _record(story: Story, person: Person | None, act: str, now: datetime) -> None:
    trail.record(organisation_id=story.organisation_id, person=person, act=act, subject=story.code, now=now)
