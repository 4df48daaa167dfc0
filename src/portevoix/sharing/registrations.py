"""Under which name we present ourselves at a network: the operator's keys, or a registration of our own at one server.

Networks made of many servers have us register at each, once; the registration is sealed and kept.
"""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from portevoix.core.errors import NotFound
from portevoix.networks.direct import Keys, PasswordSignIn, Registers
from portevoix.networks.wire import Wire
from portevoix.sharing import keys
from portevoix.sharing.keys import Offer
from portevoix.sharing.models import Registration


def host_of(offer: Offer, typed: str) -> str:
    """The server that the person means, on a network made of many; empty on the others. Raises a `NetworkFailure`."""
    sign_in = offer.direct.sign_in
    return sign_in.host_of(typed) if isinstance(sign_in, Registers) else ""


def keys_at(
    offer: Offer, organisation_id: int, host: str, redirect_uri: str, wire: Wire, now: datetime
) -> Keys:
    """The keys to sign in with there; where we must register first, we do, once."""
    sign_in = offer.direct.sign_in
    if not isinstance(sign_in, Registers):
        return keys.keys_for(organisation_id, offer.network.key)
    known = keys.keys_for(organisation_id, offer.network.key, host)
    if not known.client_id:
        known = _register(offer.network.key, host, sign_in.register(host, redirect_uri, wire), now)
    return known


def _register(network: str, host: str, made: Keys, now: datetime) -> Keys:
    row = Registration(network=network, host=host, made_at=now)
    row.sealed = row.seal(
        {"client_id": made.client_id, "client_secret": made.client_secret, "extra": dict(made.extra)}
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # somebody else registered at this very moment: theirs is the one that counts
        return keys.keys_from(Registration.objects.get(network=network, host=host).unsealed())
    return made


def password_sign_in(offer: Offer) -> PasswordSignIn:
    """The sign-in by a password made for one application; not found where the network has none."""
    sign_in = offer.direct.sign_in
    if not isinstance(sign_in, PasswordSignIn):
        raise NotFound("network")
    return sign_in


def address() -> str:
    """Where we are, as networks are told."""
    return str(settings.PUBLIC_ADDRESS)
