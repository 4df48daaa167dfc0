"""The share sheet as it opens: channels, proposals, the text to begin with, the links to use. Nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from portevoix.library.models import Caption, Story
from portevoix.links.queries import address_of
from portevoix.networks.contract import Draft, Limits
from portevoix.people.models import Language, Person
from portevoix.sharing import channels, checks, queries, tokens
from portevoix.sharing.accounts import Ready, ready_accounts
from portevoix.sharing.channels import Channel
from portevoix.sharing.composing import Beside, beside, draft_for, own_part
from portevoix.sharing.own_words import own_words
from portevoix.sharing.suggestions import fitting, in_order

DEFAULT_CHANNEL = "linkedin"


@dataclass(frozen=True)
class Asked:
    """What a page asks the sheet for; empty parts are chosen from the person's habits."""

    channel: str = ""
    language: str = ""
    caption: str = ""
    instance: str | None = None
    text: str | None = None
    token: str = ""
    when: str = ""
    at: str = ""


@dataclass(frozen=True)
class Tile:
    """One channel of the sheet, with the link that a share there will carry."""

    channel: Channel
    link: str
    length: int
    link_length: int
    is_chosen: bool
    is_spent: bool
    ready: Ready | None = None  # the person's own account there, from which it may be published

    @property
    def limits(self) -> Limits:
        """The limits of a post there: those of the person's own server where it has some."""
        return self.ready.limits if self.ready else self.channel.network.limits

    @property
    def limit(self) -> int | None:
        """The longest post, as the channel counts; None where it announces none."""
        return self.limits.max_length

    @property
    def is_over(self) -> bool:
        """Whether the text is too long there as it stands."""
        return self.limit is not None and self.length > self.limit

    @property
    def excess(self) -> int:
        """How many characters are too many."""
        return max(0, self.length - (self.limit or self.length))


@dataclass(frozen=True)
class Sheet:
    """Everything the sheet shows."""

    story: Story
    token: str
    shown: tuple[Tile, ...]
    others: tuple[Tile, ...]
    language: str
    languages: tuple[str, ...]
    disclosures: dict[str, str]
    proposals: tuple[Caption, ...]  # of every language and network, the next to propose first
    proposal: Caption | None  # the one the text began with
    following: Caption | None  # the one that "another proposal" shows
    text: str
    own_ratio: float
    is_alike: bool
    instance: str
    when: str  # now, hour, chosen: as it was asked for, or last time

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Every channel, those shown at once first."""
        return self.shown + self.others

    @property
    def chosen(self) -> Tile:
        """The channel the sheet opens on."""
        return next(tile for tile in self.tiles if tile.is_chosen)

    @property
    def has_others(self) -> bool:
        """Whether there is anything else to propose, on this channel or another."""
        return len(self.proposals) > 1

    @property
    def disclosure(self) -> str:
        """The line that comes first, in the language of the text."""
        return self.disclosures[self.language]


def open_sheet(*, person: Person, story: Story, asked: Asked, now: datetime) -> Sheet:
    """The sheet of that person on that story, as asked for or as they last used it."""
    habit = queries.habit_of(person)
    proposals = _proposals(person, story)
    languages = _languages(proposals, person, story)
    begun = queries.draft_of(person, story)
    wished = asked.language or (begun.language if asked.text is None and not asked.caption else "")
    language = wished if wished in languages else languages[0]
    chosen = _chosen(asked.channel or habit.channel)
    token, seed = _token(asked.token, person, story)
    for_channel = fitting(proposals, language=language, network=chosen.key)
    typed = asked.text if asked.text is not None else begun.text
    if asked.caption and asked.text is None:
        typed = ""
    proposal = _of_code(proposals, asked.caption) or next(iter(for_channel), None)
    text = typed or (proposal.text if proposal else "")
    disclosures = _disclosures(languages, story)
    words = own_part(text, (*disclosures.values(), *queries.all_disclosures()))
    draft = draft_for(
        story=story, words=words, language=language, disclosure=disclosures[language], link_code=""
    )
    tiles = Tiles(chosen, draft, seed, queries.spent_channels(person, now), ready_accounts(person), story)
    shown, others = channels.in_sheet_order(habit.channel, tiles.ready)
    return Sheet(
        story=story,
        token=token,
        shown=tuple(map(tiles.tile, shown)),
        others=tuple(map(tiles.tile, others)),
        language=language,
        languages=languages,
        disclosures=disclosures,
        proposals=tuple(proposals),
        proposal=proposal,
        following=_after(for_channel, proposal),
        text=words,
        own_ratio=own_words(words, [caption.text for caption in proposals], draft.disclosure).ratio,
        is_alike=checks.is_too_close(draft, queries.texts_of_others(person, story)),
        instance=habit.mastodon_instance if asked.instance is None else asked.instance,
        when=asked.when or habit.when,
    )


def caption_of(story: Story, code: str) -> Caption | None:
    """The story's caption of that code, if it is one of its own."""
    return _of_code(list(story.captions.all()), code)


def is_alike(person: Person, story: Story, text: str, language: str) -> bool:
    """Whether a colleague posted almost the same text on the story."""
    line = queries.disclosure_in(language, story)
    draft = draft_for(story=story, words=text, language=language, disclosure=line, link_code="")
    return checks.is_too_close(draft, queries.texts_of_others(person, story))


def _proposals(person: Person, story: Story) -> list[Caption]:
    captions = [caption for caption in story.captions.all() if caption.text.strip()]
    used = queries.times_used(story)
    return in_order(captions, person_code=person.code, story_code=story.code, times_used=used)


def _languages(proposals: Sequence[Caption], person: Person, story: Story) -> tuple[str, ...]:
    """The languages one may post in, the person's own first when something is proposed in it."""
    there = {caption.language for caption in proposals} or {person.language}
    wished = (person.language, story.language, story.organisation.language, *Language.values)
    return tuple(dict.fromkeys(language for language in wished if language in there))


def _chosen(key: str) -> Channel:
    # The device's own sheet only exists in browsers that have it: never what a page opens on.
    known = {channel.key for channel in channels.all_channels()} - {channels.DEVICE}
    return channels.get(key if key in known else DEFAULT_CHANNEL)


def _token(token: str, person: Person, story: Story) -> tuple[str, str]:
    """The token of the sheet and its seed: the one that came with the form while it is good, else a fresh one."""
    try:
        return token, tokens.seed_of(token, person, story)
    except tokens.BadToken:
        fresh = tokens.new_token(person, story)
        return fresh, tokens.seed_of(fresh, person, story)


def _disclosures(languages: Sequence[str], story: Story) -> dict[str, str]:
    lines = queries.disclosures_of(story)
    otherwise = lines.get(story.organisation.language, "")
    return {language: lines.get(language) or otherwise for language in languages}


@dataclass(frozen=True)
class Tiles:
    """What every tile of a sheet is made from."""

    chosen: Channel
    draft: Draft
    seed: str
    spent: frozenset[str]
    ready: Mapping[str, Ready]
    story: Story

    def tile(self, channel: Channel) -> Tile:
        """One channel, measured as the post would be there."""
        link = address_of(tokens.link_code(self.seed, channel.key))
        there = Draft(text=self.draft.text, url=link, disclosure=self.draft.disclosure)
        ready = self.ready.get(channel.key)
        length, link_length = self._direct(there, ready) if ready else _by_hand(there, channel)
        return Tile(
            channel=channel,
            link=link,
            length=length,
            link_length=link_length,
            is_chosen=channel == self.chosen,
            is_spent=channel.key in self.spent and channel.is_network,
            ready=ready,
        )

    def _direct(self, draft: Draft, ready: Ready) -> tuple[int, int]:
        """The length of the post that the network would publish, and the link's part of it."""
        publisher = ready.offer.direct.publisher
        whole = publisher.length(self._beside.added_to(draft))
        return whole, whole - publisher.length(replace(draft, url=""))

    @cached_property
    def _beside(self) -> Beside:
        return beside(self.story)


def _by_hand(draft: Draft, channel: Channel) -> tuple[int, int]:
    return channel.length(draft), channel.link_length(draft.url)


def _of_code(proposals: Sequence[Caption], code: str) -> Caption | None:
    return next((caption for caption in proposals if caption.code == code), None)


def _after(proposals: Sequence[Caption], current: Caption | None) -> Caption | None:
    """The proposal after the current one, the first after the last; None when there is no other."""
    if current not in proposals:
        return next(iter(proposals), None)
    following = proposals[(proposals.index(current) + 1) % len(proposals)]
    return None if following == current else following
