"""What publishers share: the text as their network's composer writes and counts it, the link left to the card or not."""

from collections.abc import Mapping
from typing import ClassVar

from portevoix.networks import incoming
from portevoix.networks.composing import WindowComposer
from portevoix.networks.contract import Draft, Limits, Problem
from portevoix.networks.direct import Frozen, Grant, Identity, Published, Terms, without_link
from portevoix.networks.failures import Duplicate, NetworkFailure, OutcomeUnknown, TryLater
from portevoix.networks.wire import Wire

UNREADABLE = "an answer that cannot be read"
LONGEST_QUOTE = 300


class TextPublisher:
    """A publisher whose texts are those of a composer. `carries_link`: a card holds the link, when there is a card."""

    terms: ClassVar[Terms] = Terms()
    composer: ClassVar[WindowComposer]
    carries_link: ClassVar[bool] = False

    def posted_text(self, draft: Draft) -> str:
        """The text of the post, with the link unless a card carries it."""
        return self.composer.posted_text(self._measured(draft))

    def length(self, draft: Draft) -> int:
        """Its length as the network counts it."""
        return self.composer.length(self._measured(draft))

    def problems(self, draft: Draft, limits: Limits) -> tuple[Problem, ...]:
        """What is wrong with the text, under those limits."""
        return tuple(self.composer.text_problems(self._measured(draft), limits))

    def read_limits(self, grant: Grant, wire: Wire) -> Limits | None:
        """None: the network has the same limits for everybody."""
        return None

    def cost_micros(self, frozen: Frozen) -> int:
        """Nothing: most networks publish for free."""
        return 0

    def read_figures(self, post_id: str, grant: Grant, wire: Wire) -> Mapping[str, int]:
        """Nothing: most networks tell their authors nothing."""
        return {}

    def _measured(self, draft: Draft) -> Draft:
        return without_link(draft) if self.carries_link else draft


def unreadable(*, writing: bool = False) -> NetworkFailure:
    """What an answer that makes no sense means: a question may be asked again, a post may be there already."""
    return OutcomeUnknown() if writing else TryLater(detail=UNREADABLE)


def quoted(words: str, *secrets: str) -> str:
    """A network's own words, cut short, without the secrets of ours that they may repeat."""
    for secret in filter(None, secrets):
        words = words.replace(secret, "…")
    return words[:LONGEST_QUOTE]


def published(post_id: str, url: str) -> Published:
    """A post that is there. Its identifier is empty where it cannot be kept, the address where it is no link."""
    return Published(incoming.short(post_id), incoming.web_address(url))


def duplicate(post_id: str, url: str) -> Duplicate:
    """A post that is there already, named in the same way."""
    first = published(post_id, url)
    return Duplicate(first.post_id, first.url)


def identified(account_id: str, handle: str = "", name: str = "", url: str = "") -> Identity:
    """Whose account it is, in what can be kept; an account without an identifier of a sane length is no account."""
    if not incoming.short(account_id, incoming.LONGEST_ACCOUNT_ID):
        raise unreadable()
    longest = incoming.LONGEST_ACCOUNT_ID
    shown = incoming.web_address(url, incoming.LONGEST_PROFILE_URL)
    return Identity(account_id, handle[:longest], name[:longest], shown)


def counts(found: Mapping[str, object], names: Mapping[str, str]) -> dict[str, int]:
    """The figures of an answer under our names (`{theirs: ours}`); what is missing, or no figure, is left out."""
    return {
        ours: value
        for theirs, ours in names.items()
        if (value := incoming.whole(found.get(theirs))) is not None
    }
