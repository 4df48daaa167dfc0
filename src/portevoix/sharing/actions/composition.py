"""What a share is made of, whoever posts it: the checks that come first, the draft, the link of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.editorial.queries import disclosure_lines
from portevoix.library.models import Caption, Story
from portevoix.links.actions.opening import open_link
from portevoix.links.models import Link
from portevoix.links.queries import card_about, link_of_code
from portevoix.networks.contract import Draft
from portevoix.networks.mastodon.instances import NotAnInstance, instance_host
from portevoix.people.models import Language, Person, Team
from portevoix.sharing import channels, checks, queries, tokens
from portevoix.sharing.channels import Channel
from portevoix.sharing.composing import draft_for, own_part
from portevoix.sharing.destinations import Destinations
from portevoix.sharing.models import Share
from portevoix.sharing.own_words import own_words
from portevoix.sharing.rules import language_of
from portevoix.sharing.states import ShareState


@dataclass(frozen=True)
class Composition:
    """A share about to be made. `earlier` is the one that the same sheet made already on this channel."""

    person: Person
    story: Story
    channel: Channel
    draft: Draft
    caption: Caption | None
    code: str  # of its tracked link
    earlier: Share | None

    @property
    def own_ratio(self) -> float:
        """The part of the words that is the person's."""
        proposals = [caption.text for caption in self.story.captions.all() if caption.text]
        return own_words(self.draft.text, proposals, self.draft.disclosure).ratio

    def facts(self) -> dict[str, Any]:
        """What the share's row says whoever posts it."""
        caption = self.caption
        return {
            "organisation_id": self.story.organisation_id,
            "person": self.person,
            "story": self.story,
            "channel": self.channel.key,
            "caption": caption if caption and caption.story_id == self.story.pk else None,
            "language": self.draft.language,
            "own_words": self.own_ratio,
            **place_of(self.person),
        }


def place_of(person: Person) -> dict[str, Any]:
    """Where the person stands today, as their share keeps it: `team_id`, `country` of two letters, `zone` by name."""
    return {"team_id": person.team_id, "country": person.country, "zone": person.time_zone}


def lock_person(person: Person) -> None:
    """One act of a person at a time, until the transaction ends."""
    Person.unscoped.select_for_update().get(pk=person.pk)


def compose(
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
) -> Composition:
    """The share of those words. Refuses who takes no part, a story that is not theirs to share, a sheet used up."""
    chosen = chosen_channel(channel)
    checks.refuse_who_takes_no_part(person)
    checks.refuse_unless_shareable(story, person, now)
    code = tokens.link_code(seed_of(token, person, story), chosen.key)
    spoken = language_of(
        text, language or person.language, tuple(disclosure_lines()) or tuple(Language.values)
    )
    return Composition(
        person=person,
        story=story,
        channel=chosen,
        draft=_draft(story, text, spoken, code, _instance(chosen, instance)),
        caption=caption,
        code=code,
        earlier=_share_of_code(code, person),
    )


def open_tracked_link(story: Story, code: str, channel: str, team: Team | None, now: datetime) -> Link:
    """A share's own link: to the story's page, and to the company's once the story is over."""
    destinations = Destinations(story)
    return open_link(
        organisation=story.organisation,
        code=code,
        destination=destinations.of(channel, team),
        fallback=story.organisation.website,
        card=card_about(story.organisation, story.code),
        expires_at=story.expires_at,
        carries_click_id=destinations.carries_click_id,
        now=now,
    )


def chosen_channel(key: str) -> Channel:
    """The channel of that key; refuses what is none."""
    found = next((one for one in channels.all_channels() if one.key == key), None)
    if found is None:
        raise Refusal("unknown_channel", _("Choose where to share."), field="channel")
    return found


def seed_of(token: str, person: Person, story: Story) -> str:
    """The seed of that page's links, or of a fresh page without a token; refuses a token that is old or not theirs."""
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
    rows = Share.unscoped.of_people().select_related("link", "story")
    found: Share | None = rows.filter(link__code=code, person=person).first()
    if found is None or found.state == ShareState.TAKEN_BACK:
        raise Refusal("sheet_used", checks.SHEET_USED)
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
    line = queries.disclosure_in(language, story)
    words = own_part(text, queries.all_disclosures())
    return draft_for(
        story=story, words=words, language=language, disclosure=line, link_code=code, instance=instance
    )
