"""Ways out for a story: every network, and three of our own (copy, QR code, the device's own sheet)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Sentence
from portevoix.networks import registry
from portevoix.networks.contract import Abilities, Composer, Draft, Limits, Network, Unit

COPY, QR, DEVICE = "copy", "qr", "device"
# The four that a sheet shows first; the last one used comes before them.
FIRST_SHOWN = ("linkedin", "whatsapp", "x", "facebook")


@dataclass(frozen=True)
class Channel:
    """One way out. `composer` is None for those that open no network's window."""

    key: str
    label: Sentence
    composer: Composer | None = None

    @property
    def is_network(self) -> bool:
        """Whether a person has an account there, which the daily limit is for."""
        return self.composer is not None

    @property
    def network(self) -> Network:
        """The network's facts; ours have no limit, and take any text."""
        return self.composer.network if self.composer else _no_network(self.key)

    @property
    def takes_text(self) -> bool:
        """Whether the window opens with the words; otherwise the person pastes them."""
        return self.network.abilities.text

    @property
    def allows_alike(self) -> bool:
        """Whether near-identical texts from several accounts are permitted there."""
        return self.network.abilities.alike_texts

    def posted_text(self, draft: Draft) -> str:
        """The whole post: disclosure first, then the words, then the link where it belongs to the text."""
        return self._measure.posted_text(draft)

    def count(self, text: str) -> int:
        """The length of a text as this channel counts it."""
        return self._measure.count(text)

    def length(self, draft: Draft) -> int:
        """The length of the whole post as this channel counts it."""
        return self._measure.length(draft)

    def link_length(self, url: str) -> int:
        """What the link adds to the length."""
        return self._measure.link_length(url)

    def window(self, draft: Draft) -> str:
        """The address of the network's window on this draft; empty where there is none to open."""
        return self.composer.compose_url(draft) if self.composer else ""

    @property
    def _measure(self) -> Composer:
        return self.composer or registry.get("whatsapp")  # the plainest: words, then the link, no limit


def _no_network(key: str) -> Network:
    return Network(
        key=key,
        label="",
        limits=Limits(max_length=None, unit=Unit.GRAPHEMES),
        abilities=Abilities(),
        fields=("text", "url"),
        doc_url="",
    )


_OWN = (
    Channel(COPY, _("Copy")),
    Channel(QR, _("QR code")),
    Channel(DEVICE, _("This device")),
)
# Names of networks are names; only mail is a word, and has its own in each language.
_WORDS: dict[str, Sentence] = {"email": _("E-mail")}
_NETWORKS = tuple(
    Channel(one.network.key, _WORDS.get(one.network.key, one.network.label), one)
    for one in registry.COMPOSERS
)
_BY_KEY = {channel.key: channel for channel in (*_NETWORKS, *_OWN)}


class UnknownChannel(LookupError):
    """A key that no channel carries."""


def all_channels() -> tuple[Channel, ...]:
    """Every channel, in the order in which a person meets them: networks first.

    A network that does not exist is there only where this machine plays it.
    """
    played = settings.ENVIRONMENT.stand_ins
    there = (one for one in _NETWORKS if not one.network.played_by or one.network.played_by in played)
    return (*there, *_OWN)


def get(key: str) -> Channel:
    """The channel of that key; refuses a key that none carries."""
    try:
        return _BY_KEY[key]
    except KeyError:
        raise UnknownChannel(key) from None


def in_sheet_order(
    last_used: str, connected: Collection[str] = ()
) -> tuple[tuple[Channel, ...], tuple[Channel, ...]]:
    """The four to show at once (the last used, those connected, then the usual ones), and the rest."""
    there = all_channels()
    known = {channel.key for channel in there}
    wished = [key for key in (last_used, *connected) if key in known and key not in FIRST_SHOWN]
    keys = [*dict.fromkeys(wished), *FIRST_SHOWN][: len(FIRST_SHOWN)]
    shown = tuple(_BY_KEY[key] for key in keys)
    return shown, tuple(channel for channel in there if channel not in shown)
