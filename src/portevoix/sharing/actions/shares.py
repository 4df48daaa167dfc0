"""What changes shares: declaring one, taking it back, keeping what is being typed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core import events
from portevoix.core.errors import Refusal
from portevoix.editorial.queries import disclosure_lines
from portevoix.library.models import Caption, Story
from portevoix.links.actions import open_link
from portevoix.links.queries import link_of_code
from portevoix.networks.contract import Draft
from portevoix.networks.mastodon.instances import NotAnInstance, instance_host
from portevoix.people import trail
from portevoix.people.models import Language, Person
from portevoix.sharing import channels, checks, queries, tokens
from portevoix.sharing.channels import Channel
from portevoix.sharing.composing import draft_for, own_part
from portevoix.sharing.events import ShareDeclared, ShareTakenBack
from portevoix.sharing.models import Share, ShareDraft, ShareState, SharingHabit
from portevoix.sharing.own_words import own_words
from portevoix.sharing.rules import language_of


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
    chosen = _channel(channel)
    Person.unscoped.select_for_update().get(
        pk=person.pk
    )  # two taps at once are one share, and the limit is exact
    checks.refuse_who_takes_no_part(person)
    checks.refuse_unless_shareable(story, person, now)
    code = tokens.link_code(_seed(token, person, story), chosen.key)
    earlier = _share_of_code(code, person)
    spoken = language_of(
        text, language or person.language, tuple(disclosure_lines()) or tuple(Language.values)
    )
    draft = _draft(story, text, spoken, code, _instance(chosen, instance))
    if earlier is None:
        checks.refuse_beyond_limit(chosen, person, now)
    checks.refuse_text(chosen, draft, queries.texts_of_others(person, story))
    share = (
        _again(earlier, chosen, draft, now)
        if earlier
        else _declare(person, story, chosen, draft, caption, code, now)
    )
    _remember(person, chosen, draft.instance)
    ShareDraft.unscoped.filter(person=person, story=story).delete()
    return share


@transaction.atomic
def take_back_share(*, share: Share, now: datetime) -> Share:
    """The person says that it was not posted, or no longer; a second tap changes nothing."""
    row = _locked(share)
    if row.state == ShareState.TAKEN_BACK:
        return row
    row.state, row.taken_back_at = ShareState.TAKEN_BACK, now
    row.save(update_fields=["state", "taken_back_at"])
    _tell(row, "take_back_share", now)
    return row


@transaction.atomic
def restore_share(*, share: Share, now: datetime) -> Share:
    """Undoes a taking back: the share stands again, on the day it was made."""
    row = _locked(share)
    if row.state == ShareState.DECLARED:
        return row
    row.state, row.taken_back_at = ShareState.DECLARED, None
    row.save(update_fields=["state", "taken_back_at"])
    _tell(row, "restore_share", now)
    return row


@transaction.atomic
def save_draft(*, person: Person, story: Story, text: str, now: datetime) -> None:
    """Keeps what the person is typing on that story; an empty text, or a proposal as it stands, is forgotten."""
    checks.refuse_endless(text)
    kept = text.replace("\r\n", "\n").strip()
    if not kept or any(kept == caption.text.strip() for caption in story.captions.all()):
        ShareDraft.unscoped.filter(person=person, story=story).delete()
        return
    ShareDraft.unscoped.update_or_create(
        person=person,
        story=story,
        defaults={"organisation_id": person.organisation_id, "text": kept, "updated_at": now},
    )


def _channel(key: str) -> Channel:
    try:
        return channels.get(key)
    except channels.UnknownChannel:
        raise Refusal("unknown_channel", _("Choose where to share."), field="channel") from None


def _seed(token: str, person: Person, story: Story) -> str:
    try:
        return tokens.seed_of(token or tokens.new_token(person, story), person, story)
    except tokens.BadToken:
        raise Refusal(
            "sheet_too_old", _("This sheet was open too long. Your text is kept: please try again.")
        ) from None


def _share_of_code(code: str, person: Person) -> Share | None:
    """The share this sheet made already on this channel, if any; a taken-back one asks for a new sheet."""
    if link_of_code(code) is None:
        return None
    found: Share | None = (
        Share.unscoped.select_related("link", "story").filter(link__code=code, person=person).first()
    )
    if found is None or found.state == ShareState.TAKEN_BACK:
        raise Refusal("sheet_used", _("This page was used already. Your text is kept: please try again."))
    return found


def _instance(channel: Channel, typed: str) -> str:
    """The host of the person's server, on the network that has many; refuses what names no server."""
    if "instance" not in channel.network.fields or not typed.strip():
        return ""
    try:
        return instance_host(typed)
    except NotAnInstance:
        raise Refusal(
            "bad_instance", _("Write your server’s name, such as social.example."), field="instance"
        ) from None


def _draft(story: Story, text: str, language: str, code: str, instance: str) -> Draft:
    checks.refuse_endless(text)
    lines = disclosure_lines()
    line = queries.disclosure_in(language, story.organisation.language)
    words = own_part(text, tuple(lines.values()))
    return draft_for(
        story=story, words=words, language=language, disclosure=line, link_code=code, instance=instance
    )


def _declare(
    person: Person,
    story: Story,
    channel: Channel,
    draft: Draft,
    caption: Caption | None,
    code: str,
    now: datetime,
) -> Share:
    website = story.organisation.website
    link = open_link(
        organisation=story.organisation,
        code=code,
        destination=story.link or website,
        fallback=website,
        expires_at=story.expires_at,
        now=now,
    )
    share: Share = Share.unscoped.create(
        organisation_id=story.organisation_id,
        person=person,
        story=story,
        link=link,
        channel=channel.key,
        caption=caption if caption and caption.story_id == story.pk else None,
        language=draft.language,
        text=channel.posted_text(draft),
        own_words=_own_ratio(story, draft),
        shared_at=now,
    )
    _tell(share, "share_story", now)
    return share


def _again(share: Share, channel: Channel, draft: Draft, now: datetime) -> Share:
    """The same sheet, the same channel: still one share, in the words that were handed over last."""
    share.text, share.language = channel.posted_text(draft), draft.language
    share.own_words = _own_ratio(share.story, draft)
    share.save(update_fields=["text", "language", "own_words"])
    return share


def _own_ratio(story: Story, draft: Draft) -> float:
    proposals = [caption.text for caption in story.captions.all() if caption.text]
    return own_words(draft.text, proposals, draft.disclosure).ratio


def _remember(person: Person, channel: Channel, instance: str) -> None:
    remembered = {"organisation_id": person.organisation_id, "channel": channel.key}
    if instance:
        remembered["mastodon_instance"] = instance
    SharingHabit.unscoped.update_or_create(person=person, defaults=remembered)


def _locked(share: Share) -> Share:
    rows = Share.unscoped.select_for_update(of=("self",)).select_related("person", "story", "link")
    row: Share = rows.get(pk=share.pk)
    return row


_NEWS = {"share_story": ShareDeclared, "restore_share": ShareDeclared, "take_back_share": ShareTakenBack}


def _tell(share: Share, act: str, now: datetime) -> None:
    """Writes the act down without its words: a trail is read by others, a post's draft is the person's own."""
    trail.record(
        organisation_id=share.organisation_id,
        person=share.person,
        act=act,
        subject=share.code,
        now=now,
        channel=share.channel,
    )
    events.publish(
        _NEWS[act](
            organisation_id=share.organisation_id,
            share_id=share.pk,
            person_id=share.person_id,
            story_id=share.story_id,
            channel=share.channel,
        )
    )
