"""Which networks an organisation's people may publish on, and with which keys. Reads only; keys stay sealed at rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from portevoix.networks import registry
from portevoix.networks.contract import Network
from portevoix.networks.direct import Dated, Direct, Keys
from portevoix.sharing.models import NetworkSetting, Registration

VERSION_WARNING = timedelta(days=60)


@dataclass(frozen=True)
class Offer:
    """A network on which people may publish directly, as an organisation set it."""

    network: Network
    direct: Direct
    setting: NetworkSetting

    @property
    def is_open(self) -> bool:
        """Whether an account may be connected and posts may go out now."""
        return self.setting.is_on and (not self.direct.sign_in.needs_keys or self.setting.has_keys)


def offers(organisation_id: int) -> list[Offer]:
    """Every network that publishes, as the organisation set it, in the order in which a person meets them."""
    kept = {row.network: row for row in NetworkSetting.unscoped.filter(organisation_id=organisation_id)}
    return [
        Offer(composer.network, found, kept.get(key) or _unset(organisation_id, key, found))
        for composer in registry.all_networks(settings.ENVIRONMENT.stand_ins)
        if (found := registry.direct(key := composer.network.key))
    ]


def open_offers(organisation_id: int) -> dict[str, Offer]:
    """Those that are open, by their network's key."""
    return {one.network.key: one for one in offers(organisation_id) if one.is_open}


def offer_of(organisation_id: int, network: str) -> Offer | None:
    """What the organisation set for that network; None where it never publishes by itself."""
    return next((one for one in offers(organisation_id) if one.network.key == network), None)


def _unset(organisation_id: int, network: str, direct: Direct) -> NetworkSetting:
    """What holds until somebody chooses: networks that need no keys and cost nothing are on."""
    is_on = not direct.sign_in.needs_keys and not direct.publisher.terms.costs
    return NetworkSetting(organisation_id=organisation_id, network=network, is_on=is_on)


@dataclass(frozen=True)
class Version:
    """The dated version of a network's interface that is asked for, and the day from which it may be refused."""

    name: str
    ends_on: date
    ends_soon: bool


def version_of(offer: Offer, today: date) -> Version | None:
    """The version in force; None for networks whose interface has no dated ones."""
    sign_in = offer.direct.sign_in
    if not isinstance(sign_in, Dated):
        return None
    facts = _texts(offer.setting.facts)
    ends_on = sign_in.ends_on(facts)
    return Version(sign_in.version(facts), ends_on, ends_on - today < VERSION_WARNING)


def keys_for(organisation_id: int, network: str, host: str = "") -> Keys:
    """The keys of that network: the operator's, or those of our registration at that server; empty without any."""
    row = Registration.objects.filter(network=network, host=host).first()
    if row is not None:
        return keys_from(row.unsealed())
    setting = NetworkSetting.unscoped.filter(organisation_id=organisation_id, network=network).first()
    if setting is None:
        return Keys()
    found = keys_from(setting.unsealed())
    return Keys(found.client_id, found.client_secret, {**found.extra, **_texts(setting.facts)})


def facts_for(organisation_id: int, network: str) -> dict[str, str]:
    """What the operator set for that network besides its keys, such as the version of its interface."""
    rows = NetworkSetting.unscoped.filter(organisation_id=organisation_id, network=network)
    return _texts(rows.values_list("facts", flat=True).first() or {})


def keys_from(kept: Mapping[str, object]) -> Keys:
    """The keys as they were sealed."""
    extra = kept.get("extra")
    return Keys(
        client_id=str(kept.get("client_id", "")),
        client_secret=str(kept.get("client_secret", "")),
        extra=_texts(extra if isinstance(extra, Mapping) else {}),
    )


def _texts(found: Mapping[str, object]) -> dict[str, str]:
    return {str(name): str(value) for name, value in found.items()}
