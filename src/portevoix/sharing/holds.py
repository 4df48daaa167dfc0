"""Waits: what a network asked for, and what we impose on ourselves when one does not answer. Nothing else is held up.

A request to wait holds the account, or everybody who uses the same keys, for as long as the network said. A server that
does not answer three times in a row is left alone for a minute, then longer and longer, whoever wants to go there.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from portevoix.core.work import back_off
from portevoix.networks.failures import Scope, TryLater
from portevoix.sharing.models import ConnectedAccount, Hold

PATIENCE = 3
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
OWN_FIRST_WAIT, OWN_LONGEST_WAIT = timedelta(seconds=20), timedelta(minutes=15)


def keys_of(account: ConnectedAccount) -> dict[Scope, str]:
    """Under which keys waits of that account are written."""
    server = f"{account.network}:{account.server}"
    return {
        Scope.ACCOUNT: f"account:{account.code}",
        Scope.APPLICATION: f"application:{account.organisation_id}:{server}",
        Scope.NETWORK: f"network:{server}",
    }


def held_until(account: ConnectedAccount, now: datetime) -> datetime | None:
    """Until when nothing may go out from that account; None when it may now."""
    rows = Hold.objects.filter(key__in=keys_of(account).values(), until__gt=now)
    return max(rows.values_list("until", flat=True), default=None)


def note_wait(account: ConnectedAccount, why: TryLater, attempts: int, now: datetime) -> datetime:
    """Writes down what the network asked for, and says when this account may try again."""
    own = now + back_off(max(0, attempts - 1), base=OWN_FIRST_WAIT, ceiling=OWN_LONGEST_WAIT)
    if why.seconds is not None:
        until = now + timedelta(seconds=why.seconds)
        _hold(keys_of(account)[why.scope], until, 0, why.detail)
        return until
    if why.scope == Scope.NETWORK:
        return max(own, _note_silence(keys_of(account)[Scope.NETWORK], why.detail, now) or own)
    return own


def note_answer(account: ConnectedAccount) -> None:
    """The network answers again: its silence is forgotten."""
    Hold.objects.filter(key=keys_of(account)[Scope.NETWORK], failures__gt=0).delete()


def _note_silence(key: str, detail: str, now: datetime) -> datetime | None:
    row, _made = Hold.objects.get_or_create(key=key, defaults={"until": now})
    failures = row.failures + 1
    until = None
    if failures >= PATIENCE:
        until = now + back_off(failures - PATIENCE, base=FIRST_WAIT, ceiling=LONGEST_WAIT)
    _hold(key, until or row.until, failures, detail)
    return until


def _hold(key: str, until: datetime, failures: int, reason: str) -> None:
    Hold.objects.update_or_create(
        key=key, defaults={"until": until, "failures": min(failures, 1000), "reason": reason[:300]}
    )


def holds_in_force(now: datetime, prefix: str = "") -> Sequence[Hold]:
    """The waits in force, the longest first."""
    return list(Hold.objects.filter(until__gt=now, key__startswith=prefix).order_by("-until"))
