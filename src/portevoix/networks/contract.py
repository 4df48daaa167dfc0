"""What crosses the border between Portevoix and a network: frozen facts, and the Composer's promises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Unit(StrEnum):
    """What a network counts; the rule for each lives in `counting` and, for browsers, in counting.js."""

    UTF16 = "utf16"
    GRAPHEMES = "graphemes"
    WEIGHTED = "weighted"
    LITTLE_TEXT = "little-text"
    SHORT_LINKS = "short-links"
    EMOJI_BYTES = "emoji-bytes"


@dataclass(frozen=True)
class Limits:
    """How long a post may be, counted in `unit`; None where the network documents no limit.

    `link_length` is the fixed price of a link where the network has one. `max_bytes` bounds the UTF-8
    text as well. `max_address` bounds the window's own address, which grows with the text.
    """

    max_length: int | None
    unit: Unit
    link_length: int | None = None
    max_bytes: int | None = None
    max_links: int | None = None
    max_address: int = 8_000


@dataclass(frozen=True)
class Abilities:
    """What the network's window can do with a draft.

    Without `text`, the window takes the link alone: the face offers to copy the words. Without
    `alike_texts`, the network forbids near-identical texts from several accounts.
    """

    text: bool = True
    alike_texts: bool = True


@dataclass(frozen=True)
class Network:
    """One network as data: `fields` are the parts of a Draft that its window uses.

    `played_by` is the host of a network that does not exist: there is one only where this machine plays it.
    """

    key: str
    label: str
    limits: Limits
    abilities: Abilities
    fields: tuple[str, ...]
    doc_url: str
    played_by: str = ""


@dataclass(frozen=True)
class Attachment:
    """A picture or a document of a post, by the code it is loaded with; `title` names a document."""

    code: str
    alt: str = ""
    title: str = ""


@dataclass(frozen=True)
class Card:
    """The page that a post leads to, as networks that do not read it themselves are told of it."""

    title: str
    summary: str = ""
    picture: Attachment | None = None


@dataclass(frozen=True)
class Draft:
    """What a person is about to say: their words, their tracked link, the line that names their employer.

    `disclosure` comes first, once, whether or not the text already begins with it. `instance` is where
    the person's account lives, on networks made of many servers. The rest is for networks that publish by
    themselves: a card, or pictures, or a document; the company's own post to pass on; whether a reward is at stake.
    """

    text: str
    url: str = ""
    language: str = ""
    title: str = ""
    disclosure: str = ""
    instance: str = ""
    card: Card | None = None
    pictures: tuple[Attachment, ...] = ()
    document: Attachment | None = None
    company_post: str = ""
    is_rewarded: bool = False


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way, as a stable code and its facts; the face has the words.

    A problem that is not `blocking` is worth saying, and the window opens all the same.
    """

    code: str
    facts: Mapping[str, int | str] = field(default_factory=dict, hash=False)
    blocking: bool = True


class Composer(Protocol):
    """What every network offers, without any key."""

    @property
    def network(self) -> Network:
        """The network as data."""

    def compose_url(self, draft: Draft) -> str:
        """The address that opens the network's own window on this draft."""

    def posted_text(self, draft: Draft) -> str:
        """The whole post as the network will show it, or as the person is to paste it there."""

    def count(self, text: str) -> int:
        """The length of a text as this network counts it."""

    def link_length(self, url: str) -> int:
        """What a link adds to the length of a text that does not hold it yet."""

    def length(self, draft: Draft) -> int:
        """The length of the whole post as this network counts it: disclosure, words and link."""

    def problems(self, draft: Draft) -> tuple[Problem, ...]:
        """What stands in the way of this draft, quick enough to be asked at every key."""
