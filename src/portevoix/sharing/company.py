"""The company's own page, as an editor meets it: the networks where it may speak, and the text to begin with. No writing.

The company speaks for itself: no disclosure line, no measure by the day, nobody's participation. What it brings is
counted on links of its own, and so compares with what people bring.
"""

from dataclasses import dataclass

from portevoix.library.models import Story
from portevoix.links.queries import address_of
from portevoix.networks.contract import Draft
from portevoix.people.models import Language, Person
from portevoix.sharing import channels, queries, tokens
from portevoix.sharing.channels import Channel
from portevoix.sharing.composing import draft_for, own_part
from portevoix.sharing.rules import language_of
from portevoix.sharing.sheet import DEFAULT_CHANNEL
from portevoix.sharing.suggestions import fitting


@dataclass(frozen=True)
class Writing:
    """The company's next post: on which network, in which words, with the link that it will carry."""

    channel: Channel
    text: str
    token: str
    link: str

    @property
    def length(self) -> int:
        """The length of the post as the network counts it."""
        return self.channel.length(Draft(text=self.text, url=self.link))

    @property
    def counted_link(self) -> str:
        """The link where it is part of the text; else nothing."""
        return self.link if self.channel.link_length(self.link) else ""


def begin_post(*, person: Person, story: Story, network: str, text: str = "", token: str = "") -> Writing:
    """The page on that network: with what was typed, or with the caption that fits there while nothing was."""
    channel = page_network(network)
    kept = text if text.strip() and not _is_proposed(story, text) else proposed_text(story, channel.key)
    try:
        seed = tokens.seed_of(token, person, story)
    except tokens.BadToken:
        token = tokens.new_token(person, story)
        seed = tokens.seed_of(token, person, story)
    return Writing(channel, kept, token, address_of(link_code(seed, channel.key)))


def page_networks() -> tuple[Channel, ...]:
    """The networks on which a company has a page, or an account: those that open a window, but mail."""
    return tuple(one for one in channels.all_channels() if one.is_network and one.key != "email")


def page_network(key: str) -> Channel:
    """The network of that key, or the one that most begin with."""
    there = {one.key: one for one in page_networks()}
    return there.get(key, there[DEFAULT_CHANNEL])


def proposed_text(story: Story, network: str) -> str:
    """The caption to begin with: in the organisation's language, else in another that fits there; or nothing."""
    captions = [caption for caption in story.captions.all() if caption.text.strip()]
    own = story.organisation.language
    spoken = sorted(
        {caption.language for caption in captions}, key=lambda language: (language != own, language)
    )
    found = (one for language in spoken for one in fitting(captions, language=language, network=network))
    return next((one.text for one in found), "")


def company_draft(story: Story, text: str, code: str) -> Draft:
    """The company's post in those words, with the tracked link of that code; without anybody's disclosure line."""
    words = own_part(text, queries.all_disclosures())
    language = language_of(words, story.organisation.language, tuple(Language.values))
    return draft_for(story=story, words=words, language=language, disclosure="", link_code=code)


def link_code(seed: str, network: str) -> str:
    """The code of the link of the company's post there: never the one that the same seed gives a person's sheet."""
    return tokens.link_code(seed, f"company {network}")


def _is_proposed(story: Story, text: str) -> bool:
    kept = text.replace("\r\n", "\n").strip()
    return any(kept == caption.text.strip() for caption in story.captions.all())
