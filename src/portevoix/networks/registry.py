"""All the networks, in the order in which a person meets them: one line each; and those that publish by themselves."""

from collections.abc import Collection

from portevoix.networks.bluesky.composer import Bluesky
from portevoix.networks.bluesky.publisher import BlueskyPublisher
from portevoix.networks.bluesky.sign_in import BlueskySignIn
from portevoix.networks.contract import Composer
from portevoix.networks.direct import Direct
from portevoix.networks.dummy.composer import Dummy
from portevoix.networks.dummy.publisher import DummyPublisher
from portevoix.networks.dummy.sign_in import DummySignIn
from portevoix.networks.email.composer import Email
from portevoix.networks.facebook.composer import Facebook
from portevoix.networks.linkedin.composer import LinkedIn
from portevoix.networks.linkedin.publisher import LinkedInPublisher
from portevoix.networks.linkedin.sign_in import LinkedInSignIn
from portevoix.networks.mastodon.composer import Mastodon
from portevoix.networks.mastodon.publisher import MastodonPublisher
from portevoix.networks.mastodon.sign_in import MastodonSignIn
from portevoix.networks.telegram.composer import Telegram
from portevoix.networks.threads.composer import Threads
from portevoix.networks.threads.publisher import ThreadsPublisher
from portevoix.networks.threads.sign_in import ThreadsSignIn
from portevoix.networks.whatsapp.composer import WhatsApp
from portevoix.networks.x.composer import X
from portevoix.networks.x.publisher import XPublisher
from portevoix.networks.x.sign_in import XSignIn
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
    Dummy(),
)
DIRECT: dict[str, Direct] = {
    "linkedin": Direct(LinkedInSignIn(), LinkedInPublisher()),
    "x": Direct(XSignIn(), XPublisher()),
    "threads": Direct(ThreadsSignIn(), ThreadsPublisher()),
    "bluesky": Direct(BlueskySignIn(), BlueskyPublisher()),
    "mastodon": Direct(MastodonSignIn(), MastodonPublisher()),
    "dummy": Direct(DummySignIn(), DummyPublisher()),
}
_BY_KEY = {composer.network.key: composer for composer in COMPOSERS}


class UnknownNetwork(LookupError):
    """A key that no network carries."""


def all_networks(played: Collection[str] = ()) -> tuple[Composer, ...]:
    """Every network's composer, LinkedIn first; those that do not exist only where this machine plays their host."""
    return tuple(one for one in COMPOSERS if not one.network.played_by or one.network.played_by in played)


def direct(key: str) -> Direct | None:
    """How that network publishes by itself; None where a person always does it in the network's own window."""
    return DIRECT.get(key)


def get(key: str) -> Composer:
    """The composer of one network; refuses a key that no network carries."""
    try:
        return _BY_KEY[key]
    except KeyError:
        raise UnknownNetwork(key) from None
