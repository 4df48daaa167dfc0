"""What all composers share: the disclosure first, the words, the link last; and measuring the result."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar
from urllib.parse import quote

from portevoix.networks import counting, links
from portevoix.networks.contract import Draft, Limits, Network, Problem


def lines_of(text: str) -> str:
    """A text with one kind of line break and no blank edges, whatever the form that sent it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def words_of(draft: Draft) -> str:
    """The disclosure on the first line, once, then what the person wrote."""
    text, disclosure = lines_of(draft.text), lines_of(draft.disclosure)
    if not disclosure or text.startswith(disclosure):
        return text
    return f"{disclosure}\n{text}".strip()


def encoded(text: str) -> str:
    """A text as one part of an address: only letters, digits and _.-~ stay as they are, a space is %20."""
    return quote(text, safe="", errors="replace")


def window(address: str, parameters: Mapping[str, str]) -> str:
    """An address with its parameters in the order given; empty ones are left out."""
    pairs = "&".join(f"{name}={encoded(value)}" for name, value in parameters.items() if value)
    return f"{address}{'&' if '?' in address else '?'}{pairs}" if pairs else address


class WindowComposer(ABC):
    """A network whose window opens with the text in its address; the link follows the words."""

    network: ClassVar[Network]
    joint: ClassVar[str] = "\n\n"

    @abstractmethod
    def full_address(self, draft: Draft) -> str:
        """The window with everything that it can take."""

    @abstractmethod
    def bare_address(self, draft: Draft) -> str:
        """The window when the text is too long for an address: the person pastes it."""

    def compose_url(self, draft: Draft) -> str:
        """The address that opens the window; without the text where that is too long to travel."""
        address = self.full_address(draft)
        return address if len(address) <= self.network.limits.max_address else self.bare_address(draft)

    def posted_text(self, draft: Draft) -> str:
        """The words, then the link unless the words already hold it."""
        return self.joint.join(part for part in (words_of(draft), self.link_to_add(draft)) if part)

    def link_to_add(self, draft: Draft) -> str:
        """The draft's link, or nothing when the person wrote it in the text already."""
        return "" if draft.url in draft.text else draft.url

    def count(self, text: str) -> int:
        """The length of a text as this network counts it."""
        return counting.count(self.network.limits.unit, text)

    def link_length(self, url: str) -> int:
        """What a link adds: the break before it, and its own length or the network's fixed price."""
        if not url:
            return 0
        fixed = self.network.limits.link_length
        return len(self.joint) + (self.count(url) if fixed is None else fixed)

    def length(self, draft: Draft) -> int:
        """The length of the whole post as this network counts it."""
        return self.length_within(draft, self.network.limits)

    def length_within(self, draft: Draft, limits: Limits) -> int:
        """The same, where links have the price that those limits say."""
        link = self.link_to_add(draft)
        if not link or limits.link_length is None:
            return self.count(words_of(draft)) + self.link_length(link)
        return self.count(words_of(draft)) + len(self.joint) + limits.link_length

    def problems(self, draft: Draft) -> tuple[Problem, ...]:
        """Everything that stands in the way of this draft, in the order in which to say it."""
        return tuple(self.find_problems(draft))

    def find_problems(self, draft: Draft) -> Iterator[Problem]:
        """One problem after the other; a network adds its own after these."""
        yield from self.text_problems(draft, self.network.limits)
        address = len(self.full_address(draft))
        if address > self.network.limits.max_address:
            facts = {"length": address, "limit": self.network.limits.max_address}
            yield Problem("address_too_long", facts, blocking=False)

    def text_problems(self, draft: Draft, limits: Limits) -> Iterator[Problem]:
        """What is wrong with the text itself, under those limits."""
        text = self.posted_text(draft)
        if not text:
            yield Problem("nothing_to_say")
        if limits.max_length is not None:
            yield from _excess("too_long", self.length_within(draft, limits), limits.max_length)
        if limits.max_bytes is not None:
            yield from _excess("too_many_bytes", counting.utf8_length(text), limits.max_bytes)
        if limits.max_links is not None:
            yield from _excess("too_many_links", len(set(links.LINK.findall(text))), limits.max_links)


class LinkComposer(WindowComposer):
    """A network whose window takes the link alone: the words are copied, then pasted by the person."""

    def posted_text(self, draft: Draft) -> str:
        """The words to paste; the window already holds the link."""
        return words_of(draft)

    def link_length(self, url: str) -> int:
        """Nothing: the link hangs below the post, outside its text."""
        return 0

    def bare_address(self, draft: Draft) -> str:
        """The same window: it never holds the text."""
        return self.full_address(draft)

    def find_problems(self, draft: Draft) -> Iterator[Problem]:
        """As everywhere, and the link is compulsory."""
        if not draft.url:
            yield Problem("link_missing")
        yield from super().find_problems(draft)


def _excess(code: str, length: int, limit: int) -> Iterator[Problem]:
    if length > limit:
        yield Problem(code, {"length": length, "limit": limit, "excess": length - limit})
