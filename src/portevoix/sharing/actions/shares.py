"""What changes shares that people make themselves: declaring one, taking it back, keeping what is being typed."""

from datetime import datetime

from django.db import transaction

from portevoix.core.errors import Refusal
from portevoix.library.models import Caption, Story
from portevoix.people.models import Language, Person
from portevoix.sharing import checks, queries
from portevoix.sharing.actions.composition import Composition, compose, lock_person, open_tracked_link
from portevoix.sharing.actions.telling import tell
from portevoix.sharing.events import ShareDeclared, ShareTakenBack
from portevoix.sharing.models import Share, ShareDraft, SharingHabit
from portevoix.sharing.states import ShareState


@transaction.atomic
def share_story(
    *,
    person: Person,
    story: Story,
    channel: str,
    text: str,
    now: datetime,
    token: str = "",
    language: str = "",
    caption: Caption | None = None,
    instance: str = "",
) -> Share:
    """Declares that the person shares the story on that channel, in those words, with a tracked link of their own.

    The disclosure line is put first in the language of the post. The same token on the same channel gives the same share.
    Refuses who takes no part; a story that is not theirs to share now; a third share of the day on one account; a text
    the network would cut; and on X one too close to a colleague's.
    """
    lock_person(person)  # two taps at once are one share, and the limit is exact
    composed = compose(
        person=person,
        story=story,
        channel=channel,
        text=text,
        now=now,
        token=token,
        language=language,
        caption=caption,
        instance=instance,
    )
    if composed.earlier is None:
        checks.refuse_beyond_limit(composed.channel, person, now)
    checks.refuse_text(composed.channel, composed.draft, queries.texts_of_others(person, story))
    share = _again(composed.earlier, composed) if composed.earlier else _declare(composed, now)
    remember(composed)
    return share


@transaction.atomic
def take_back_share(*, share: Share, now: datetime) -> Share:
    """The person says that it was not posted, or no longer; a second tap changes nothing."""
    row = locked(share)
    if row.state != ShareState.DECLARED:
        return row
    row.state, row.taken_back_at = ShareState.TAKEN_BACK, now
    row.save(update_fields=["state", "taken_back_at"])
    tell(row, "take_back_share", now, ShareTakenBack)
    return row


@transaction.atomic
def restore_share(*, share: Share, now: datetime) -> Share:
    """Undoes a taking back: the share stands again, on the day it was made."""
    row = locked(share)
    if row.state != ShareState.TAKEN_BACK or hasattr(row, "post"):
        return row
    row.state, row.taken_back_at = ShareState.DECLARED, None
    row.save(update_fields=["state", "taken_back_at"])
    tell(row, "restore_share", now, ShareDeclared)
    return row


@transaction.atomic
def save_draft(*, person: Person, story: Story, text: str, now: datetime, language: str = "") -> None:
    """Keeps what the person is typing on that story; an empty text, or a proposal as it stands, is forgotten."""
    checks.refuse_endless(text)
    kept = text.replace("\r\n", "\n").strip()
    if not kept or any(kept == caption.text.strip() for caption in story.captions.all()):
        ShareDraft.unscoped.filter(person=person, story=story).delete()
        return
    ShareDraft.unscoped.update_or_create(
        person=person,
        story=story,
        defaults={
            "organisation_id": person.organisation_id,
            "text": kept,
            "language": language if language in Language.values else "",
            "updated_at": now,
        },
    )


def remember(composed: Composition, when: str = "") -> None:
    """The sheet opens on that channel and moment next time, and what was being typed has become a share."""
    person = composed.person
    remembered = {"organisation_id": person.organisation_id, "channel": composed.channel.key}
    if when:
        remembered["when"] = when
    if composed.draft.instance:
        remembered["mastodon_instance"] = composed.draft.instance
    SharingHabit.unscoped.update_or_create(person=person, defaults=remembered)
    ShareDraft.unscoped.filter(person=person, story=composed.story).delete()


def _declare(composed: Composition, now: datetime) -> Share:
    share: Share = Share.unscoped.create(
        **composed.facts(),
        link=open_tracked_link(
            composed.story, composed.code, composed.channel.key, composed.person.team, now
        ),
        text=composed.channel.posted_text(composed.draft),
        shared_at=now,
    )
    tell(share, "share_story", now, ShareDeclared)
    return share


def _again(share: Share, composed: Composition) -> Share:
    """The same sheet, the same channel: still one share, in the words that were handed over last."""
    if share.state != ShareState.DECLARED:
        raise Refusal("sheet_used", checks.SHEET_USED)
    share.text, share.language = composed.channel.posted_text(composed.draft), composed.draft.language
    share.own_words = composed.own_ratio
    share.save(update_fields=["text", "language", "own_words"])
    return share


def locked(share: Share) -> Share:
    """The share as it stands, nobody else's to change until the transaction ends."""
    rows = Share.unscoped.select_for_update(of=("self",)).select_related("person", "story", "link")
    row: Share = rows.get(pk=share.pk)
    return row
