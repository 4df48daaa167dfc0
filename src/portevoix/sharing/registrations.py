"""Under which name we present ourselves at a network: the operator's keys, or a registration of our own at one server.

Networks made of many servers have us register at each, once; the registration is sealed and kept.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from portevoix.core.errors import NotFound
from portevoix.networks import registry
from portevoix.networks.direct import DescribesItself, Keys, PasswordSignIn, Registers
from portevoix.networks.failures import OperatorMust
from portevoix.networks.wire import Wire
from portevoix.sharing import keys
from portevoix.sharing.keys import Offer
from portevoix.sharing.models import Registration


def host_of(offer: Offer, typed: str) -> str:
    """The server that the person means, on a network made of many; empty on the others. Raises a `NetworkFailure`."""
    sign_in = offer.direct.sign_in
    return sign_in.host_of(typed) if isinstance(sign_in, Registers) else ""


def introduce(offer: Offer, host: str, redirect_uri: str, wire: Wire, now: datetime) -> None:
    """Registers at a server where we must, before somebody signs in there: never yet, under another address of ours,
    or because it no longer knows us, as servers forget. Raises a `NetworkFailure`."""
    sign_in, network = offer.direct.sign_in, offer.network.key
    if not isinstance(sign_in, Registers):
        return
    row = Registration.objects.filter(network=network, host=host).first()
    if row is not None and _still_knows_us(sign_in, _kept(row), redirect_uri, wire):
        return
    made = sign_in.register(host, redirect_uri, wire)
    if row is not None:
        row.delete()
    _keep(network, host, made, now)


def _still_knows_us(sign_in: Registers, kept: Keys, redirect_uri: str, wire: Wire) -> bool:
    if kept.extra.get("redirect_uri") != redirect_uri:
        return False
    try:
        sign_in.check_keys(kept, wire)
    except OperatorMust:
        return False
    return True


def keys_at(offer: Offer, organisation_id: int, host: str, redirect_uri: str, now: datetime) -> Keys:
    """The keys to sign in with there: the operator's, those of our registration, or a key of our own."""
    sign_in, network = offer.direct.sign_in, offer.network.key
    if isinstance(sign_in, DescribesItself):
        return sign_in.keys_there(own_keys(network, sign_in, now), settings.PUBLIC_ADDRESS, redirect_uri)
    return keys.keys_for(organisation_id, network, host)


def description(network: str) -> dict[str, Any]:
    """What servers of that network read about this installation; not found where we register instead."""
    return dict(_describing(network).description(settings.PUBLIC_ADDRESS, callback_address(network, "")))


def public_keys(network: str) -> dict[str, Any]:
    """What they check our signatures with; no key before somebody began to sign in there."""
    sign_in = _describing(network)
    row = Registration.objects.filter(network=network, host="").first()
    return dict(sign_in.public_keys(_kept(row))) if row else {"keys": []}


def callback_address(network: str, host: str) -> str:
    """Where a network sends the browser back: an address of its own for each network and each server (RFC 9700, 2.1)."""
    place = f"/{host}" if host else ""
    return f"{settings.PUBLIC_ADDRESS}/me/accounts/{network}/callback{place}"


def _describing(network: str) -> DescribesItself:
    found = registry.direct(network)
    if found is None or not isinstance(found.sign_in, DescribesItself):
        raise NotFound("network")
    return found.sign_in


def own_keys(network: str, sign_in: DescribesItself, now: datetime) -> Keys:
    """The key that this installation signs with there, made at the first need and kept."""
    row = Registration.objects.filter(network=network, host="").first()
    return _kept(row) if row else _keep(network, "", sign_in.new_keys(), now)


def _keep(network: str, host: str, made: Keys, now: datetime) -> Keys:
    """Keeps a registration. Where somebody else kept one at this very moment, theirs is the one that counts."""
    row = Registration(network=network, host=host, made_at=now)
    row.sealed = row.seal(
        {"client_id": made.client_id, "client_secret": made.client_secret, "extra": dict(made.extra)}
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return _kept(Registration.objects.get(network=network, host=host))
    return made


def _kept(row: Registration) -> Keys:
    return keys.keys_from(row.unsealed())


def password_sign_in(offer: Offer) -> PasswordSignIn:
    """The sign-in by a password made for one application; not found where the network has none."""
    sign_in = offer.direct.sign_in
    if not isinstance(sign_in, PasswordSignIn):
        raise NotFound("network")
    return sign_in
