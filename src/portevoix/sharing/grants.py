"""A person's grant at a network, good to be used: refreshed by one process at a time, kept before it is used.

A refresh token is often worth one use: two processes that refresh at once, or one that forgets what it got, lose the
account. So a refresh takes the account's turn first, reads the grant again once it has it, and writes the new one before
anything else. Whoever comes meanwhile waits. A network that does not answer is no reason to believe that a person left.
"""

import logging
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from portevoix.core import clock
from portevoix.networks import registry
from portevoix.networks.direct import Direct, Grant, Keys
from portevoix.networks.failures import NetworkFailure, SignInAgain, TryLater
from portevoix.sharing import keys
from portevoix.sharing.models import ConnectedAccount
from portevoix.sharing.outgoing import wire_within

log = logging.getLogger(__name__)
State = ConnectedAccount.State
MARGIN = timedelta(minutes=2)  # a grant that ends sooner is refreshed first
TURN = timedelta(seconds=40)  # longer than one refresh can last
WAIT_SECONDS = 20.0
LOOK_SECONDS = 0.1
KEPT_ALIVE, A_DAY = timedelta(days=30), timedelta(days=1)


def direct_of(account: ConnectedAccount) -> Direct:
    """How the account's network publishes; `SignInAgain` when it no longer does."""
    found = registry.direct(account.network)
    if found is None:
        raise SignInAgain
    return found


def keys_of(account: ConnectedAccount) -> Keys:
    """The keys that the account was connected with."""
    return keys.keys_for(account.organisation_id, account.network, account.host)


def grant_of(account: ConnectedAccount) -> Grant:
    """The grant as it is kept, with what the operator set since; `SignInAgain` when there is none."""
    kept = account.unsealed()
    if not kept:
        raise SignInAgain
    grant = Grant.from_dict(kept)
    facts = keys.facts_for(account.organisation_id, account.network)
    return replace(grant, extra={**grant.extra, **facts}) if facts else grant


def usable_grant(account: ConnectedAccount, now: datetime) -> Grant:
    """A grant that is good for some minutes; refreshed if it must be. Raises a `NetworkFailure`."""
    grant = grant_of(account)
    if grant.expires_at is None or grant.expires_at > (now + MARGIN).timestamp():
        return grant
    return refreshed_grant(account, grant)


def refreshed_grant(account: ConnectedAccount, stale: Grant) -> Grant:
    """Another grant than `stale`: the one that somebody else just got, or one that we ask for.

    `SignInAgain` when the network gives none any more; the account then waits for its person.
    """
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        row = ConnectedAccount.unscoped.get(pk=account.pk)
        grant = grant_of(row)
        if grant.access_token == stale.access_token:
            if not (turn := _take_turn(row)):
                time.sleep(LOOK_SECONDS)
                continue
            grant = _refresh_in_turn(row, turn, stale)
        account.sealed = row.sealed  # what is tried from now on
        return grant
    raise TryLater(LOOK_SECONDS * 50)


def _take_turn(row: ConnectedAccount) -> datetime | None:
    """Our turn to refresh, by the moment that names it; None when somebody else has it."""
    now = clock.now()
    free = ConnectedAccount.unscoped.filter(
        Q(refreshing_until__isnull=True) | Q(refreshing_until__lte=now), pk=row.pk
    )
    turn = now + TURN
    return turn if free.update(refreshing_until=turn) else None


def _refresh_in_turn(row: ConnectedAccount, turn: datetime, stale: Grant) -> Grant:
    ours = ConnectedAccount.unscoped.filter(pk=row.pk, refreshing_until=turn)
    try:
        row.refresh_from_db()
        grant = grant_of(row)  # as it is now that nobody else changes it
        if grant.access_token != stale.access_token:  # somebody was quicker, just before our turn
            ours.update(refreshing_until=None)
            return grant
        fresh = direct_of(row).sign_in.refresh(grant, keys_of(row), wire_within())
    except BaseException:
        ours.update(refreshing_until=None)
        raise
    sealed = row.seal(fresh.as_dict())
    still_theirs = ours.filter(state__in=(State.CONNECTED, State.SIGN_IN_AGAIN))
    facts = facts_of(fresh, direct_of(row), clock.now())
    if still_theirs.update(sealed=sealed, refreshing_until=None, **facts):
        row.sealed = sealed
        return fresh
    # A turn that ran out while we refreshed belongs to another by now: what is kept is what counts.
    kept = ConnectedAccount.unscoped.get(pk=row.pk)
    if not kept.is_there:  # disconnected meanwhile: nobody else knows of this grant
        forget(kept.network, kept.organisation_id, kept.host, fresh)
        raise SignInAgain
    row.sealed = kept.sealed
    return grant_of(kept)


def forget(network: str, organisation_id: int, host: str, grant: Grant) -> None:
    """Has the network forget a grant, as far as it can be reached: what follows does not wait for it."""
    found = registry.direct(network)
    if found is None:
        return
    try:
        found.sign_in.revoke(grant, keys.keys_for(organisation_id, network, host), wire_within(8))
    except NetworkFailure as why:
        log.warning("A sign-in at %s could not be revoked: %s", network, why.code)


def facts_of(grant: Grant, direct: Direct, now: datetime) -> dict[str, datetime | None]:
    """What the account's row says of a grant, in the open: when it ends, when to renew it, when its person is needed.

    A grant that can be renewed is renewed half-way to the end of what renews it, or each month, so that an account on
    which nothing goes out stays connected. One that ends within a month all the same is its person's to renew.
    """
    end = moment_of(grant.refresh_expires_at)
    if end is not None:
        renews = now + (end - now) / 2
        is_near = end - now < KEPT_ALIVE
        found = {"ends_at": end if is_near else None, "renew_at": renews if renews - now > A_DAY else None}
    elif grant.refresh_token:
        found = {"ends_at": None, "renew_at": now + KEPT_ALIVE}
    elif direct.sign_in.lasts_days is None:
        found = {"ends_at": None, "renew_at": None}
    else:
        lasts = timedelta(days=direct.sign_in.lasts_days)
        found = {"ends_at": moment_of(grant.expires_at) or now + lasts, "renew_at": None}
    return {"expires_at": moment_of(grant.expires_at), **found}


def moment_of(seconds: float | None) -> datetime | None:
    """Seconds since 1970 as a moment."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
