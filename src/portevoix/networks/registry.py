"""All the networks, in the order in which a person meets them: one line each."""

from portevoix.networks.bluesky.composer import Bluesky
from portevoix.networks.contract import Composer
from portevoix.networks.email.composer import Email
from portevoix.networks.facebook.composer import Facebook
from portevoix.networks.linkedin.composer import LinkedIn
from portevoix.networks.mastodon.composer import Mastodon
from portevoix.networks.telegram.composer import Telegram
from portevoix.networks.threads.composer import Threads
from portevoix.networks.whatsapp.composer import WhatsApp
from portevoix.networks.x.composer import X
from portevoix.networks.xing.composer import Xing

COMPOSERS: tuple[Composer, ...] = (
    LinkedIn(),
    X(),
    Facebook(),
    WhatsApp(),
    Telegram(),
    Threads(),
    Bluesky(),
    Mastodon(),
    Xing(),
    Email(),
)
_BY_KEY = {composer.network.key: composer for composer in COMPOSERS}


class UnknownNetwork(LookupError):
    """A key that no network carries."""


def all_networks() -> tuple[Composer, ...]:
    """Every network's composer, LinkedIn first."""
    return COMPOSERS


def get(key: str) -> Composer:
    """The composer of one network; refuses a key that no network carries."""
    try:
        return _BY_KEY[key]
    except KeyError:
        raise UnknownNetwork(key) from None
