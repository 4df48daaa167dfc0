"""Signing in at a network: from the person's first tap to their yes, when the account is kept. Nothing is kept before."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.networks.direct import Ask, Grant, Identity
from portevoix.networks.failures import NetworkFailure
from portevoix.people.models import Person
from portevoix.sharing import checks, grants, keys, outgoing, registrations
from portevoix.sharing.actions.keeping import ATTEMPT_LIFE, close, keep, read_limits, too_late
from portevoix.sharing.keys import Offer
from portevoix.sharing.models import ConnectedAccount, SignInAttempt
from portevoix.sharing.refusals import refusal_of

STATE_BYTES = 32
Stage = SignInAttempt.Stage


def begin_sign_in(*, person: Person, network: str, typed: str, session: str, now: datetime) -> str:
    """Begins a sign-in and says where the browser goes. `session` names the browser's session to us, and to no one else.

    Refuses a network that is not open here, and a server or handle that nobody answers for.
    """
    offer = open_offer(person, network)
    wire, host = outgoing.wire_within(), ""
    try:
        host = registrations.host_of(offer, typed)
        state = secrets.token_urlsafe(STATE_BYTES)
        redirect_uri = registrations.callback_address(network, host)
        registrations.introduce(offer, host, redirect_uri, wire, now)
        found = registrations.keys_at(offer, person.organisation_id, host, redirect_uri, now)
        begun = offer.direct.sign_in.begin(Ask(found, redirect_uri, state, typed), wire)
    except NetworkFailure as why:
        raise refusal_of(why, offer.network.label, host) from why
    attempt = SignInAttempt(
        organisation_id=person.organisation_id,
        person=person,
        network=network,
        host=host,
        state_hash=hash_of(state),
        session_hash=hash_of(session),
        begun_at=now,
    )
    attempt.sealed = attempt.seal({"kept": dict(begun.kept), "typed": typed})
    attempt.save()
    return begun.url


def come_back(
    *, person: Person, network: str, host: str, answer: Mapping[str, str], session: str, now: datetime
) -> SignInAttempt:
    """Takes what a browser brought back from a network, once; the account then waits for the person's yes.

    Refuses an answer to no question of this person in this browser at this address; one that was used; one that is late.
    """
    attempt = _taken(person, network, host, answer.get("state", ""), session, now)
    offer, kept, wire = open_offer(person, network), attempt.unsealed(), outgoing.wire_within()
    redirect_uri = registrations.callback_address(network, host)
    try:
        found = registrations.keys_at(offer, person.organisation_id, host, redirect_uri, now)
        ask = Ask(found, redirect_uri, answer.get("state", ""), str(kept.get("typed", "")))
        grant = offer.direct.sign_in.finish(ask, kept.get("kept", {}), answer, wire)
    except NetworkFailure as why:
        close(attempt)
        raise refusal_of(why, offer.network.label) from why
    return _await_yes(attempt, grant, offer)


def sign_in_with_password(
    *, person: Person, network: str, handle: str, password: str, session: str, now: datetime
) -> SignInAttempt:
    """Signs in with a password made for this purpose, where a network has such; the account then waits for the yes."""
    offer = open_offer(person, network)
    sign_in = registrations.password_sign_in(offer)
    try:
        grant = sign_in.sign_in_with_password(handle, password, outgoing.wire_within())
    except NetworkFailure as why:
        raise refusal_of(why, offer.network.label) from why
    attempt = SignInAttempt(
        organisation_id=person.organisation_id,
        person=person,
        network=network,
        host=grant.host,
        state_hash=hash_of(secrets.token_urlsafe(STATE_BYTES)),
        session_hash=hash_of(session),
        stage=Stage.USED,
        begun_at=now,
    )
    attempt.save()
    return _await_yes(attempt, grant, offer)


def confirm_account(
    *, attempt: SignInAttempt, person: Person, session: str, now: datetime
) -> ConnectedAccount:
    """The person says that this account is theirs: it is kept. Refuses one that somebody else connected.

    The same account again takes its new sign-in; another one on the same network asks to disconnect the first.
    """
    grant, identity = _waiting(attempt, person, session, now)
    offer = open_offer(person, attempt.network)
    limits = read_limits(offer, grant)
    try:
        account = keep(attempt=attempt, person=person, grant=grant, identity=identity, limits=limits, now=now)
    except IntegrityError:
        raise Refusal(
            "account_taken",
            _("This account is connected by somebody else already. One account belongs to one person."),
        ) from None
    return account


def decline_account(*, attempt: SignInAttempt, person: Person, session: str, now: datetime) -> None:
    """The person says that it is not theirs, or thinks better of it: the sign-in is forgotten, at the network too."""
    grant, _identity = _waiting(attempt, person, session, now)
    if close(attempt):
        grants.forget(attempt.network, attempt.organisation_id, attempt.host, grant)


def open_offer(person: Person, network: str) -> Offer:
    """The network as the organisation opened it; refuses a closed one, and a person who takes no part."""
    checks.refuse_who_takes_no_part(person)
    found = keys.open_offers(person.organisation_id).get(network)
    if found is None:
        raise Refusal("network_closed", _("Accounts of this network cannot be connected here."))
    return found


def new_mark() -> str:
    """A fresh name for a browser's session, which nobody can guess."""
    return secrets.token_urlsafe(STATE_BYTES)


def hash_of(secret: str) -> str:
    """What is kept of something that travels."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def _taken(person: Person, network: str, host: str, state: str, session: str, now: datetime) -> SignInAttempt:
    """The attempt that this answer is for, used from now on."""
    rows = SignInAttempt.unscoped.select_for_update().filter(state_hash=hash_of(state))
    attempt = rows.first() if state else None
    is_ours = (
        attempt is not None and attempt.person_id == person.pk and attempt.session_hash == hash_of(session)
    )
    if attempt is None or not is_ours or (attempt.network, attempt.host) != (network, host):
        raise Refusal(
            "not_your_sign_in",
            _(
                "This sign-in was not begun here, by you, in this browser. Nothing was connected. Begin again."
            ),
        )
    if attempt.stage != Stage.BEGUN:
        raise Refusal("sign_in_used", _("This sign-in was used already. Begin again."))
    if now - attempt.begun_at > ATTEMPT_LIFE:
        raise Refusal("sign_in_late", _("This sign-in took more than ten minutes. Begin again."))
    attempt.stage = Stage.USED
    attempt.save(update_fields=["stage"])
    return attempt


def _await_yes(attempt: SignInAttempt, grant: Grant, offer: Offer) -> SignInAttempt:
    """Asks whose account it is, and waits for the person to say that it is theirs."""
    try:
        identity = offer.direct.sign_in.who(grant, outgoing.wire_within())
    except NetworkFailure as why:
        close(attempt)
        grants.forget(attempt.network, attempt.organisation_id, attempt.host, grant)
        raise refusal_of(why, offer.network.label) from why
    attempt.identity = {
        "account_id": identity.account_id,
        "handle": identity.handle[:255],
        "name": identity.name[:255],
        "url": identity.url[:500],
    }
    attempt.sealed = attempt.seal({"grant": grant.as_dict()})
    attempt.stage = Stage.WAITING
    attempt.save()
    return attempt


def _waiting(attempt: SignInAttempt, person: Person, session: str, now: datetime) -> tuple[Grant, Identity]:
    """What waits for this person's yes; refuses what waits no more."""
    is_theirs = attempt.person_id == person.pk and attempt.session_hash == hash_of(session)
    if not is_theirs or attempt.stage != Stage.WAITING or now - attempt.begun_at > 2 * ATTEMPT_LIFE:
        raise too_late()
    return Grant.from_dict(attempt.unsealed()["grant"]), Identity(**attempt.identity)
