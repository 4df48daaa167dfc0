"""Which account of a person publishes on a channel, and what stands in the way. Reads, no writing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.networks.contract import Limits, Unit
from portevoix.people.models import Person
from portevoix.sharing import keys, queries
from portevoix.sharing.channels import Channel
from portevoix.sharing.keys import Offer
from portevoix.sharing.models import ConnectedAccount

REMINDERS = (14, 7, 1)  # days before a person must sign in again


@dataclass(frozen=True)
class Ready:
    """An account that may publish now, and the network as the organisation set it."""

    account: ConnectedAccount
    offer: Offer

    @property
    def limits(self) -> Limits:
        """The limits of a post there: those of the account's own server where it has some."""
        return limits_of(self.account, self.offer.network.limits)


def limits_of(account: ConnectedAccount, of_network: Limits) -> Limits:
    """The limits that the account's server said, or else the network's."""
    kept = account.limits
    if not kept.get("max_length"):
        return of_network
    return Limits(
        max_length=int(kept["max_length"]),
        unit=Unit(kept.get("unit") or of_network.unit),
        link_length=kept.get("link_length", of_network.link_length),
        max_bytes=kept.get("max_bytes", of_network.max_bytes),
        max_links=kept.get("max_links", of_network.max_links),
    )


def ready_accounts(person: Person) -> dict[str, Ready]:
    """The accounts from which this person may publish now, by their network's key."""
    accounts = {one.network: one for one in queries.accounts_of(person) if one.is_connected}
    if not accounts:
        return {}
    offers = keys.open_offers(person.organisation_id)
    return {key: Ready(one, offers[key]) for key, one in accounts.items() if key in offers}


def ready_account(person: Person, channel: Channel) -> tuple[ConnectedAccount, Offer]:
    """The account from which this person publishes on that channel; refuses when there is none, saying what to do."""
    found = ready_accounts(person).get(channel.key)
    if found is not None:
        return found.account, found.offer
    facts = {"network": str(channel.label)}
    account = queries.account_on(person, channel.key)
    if account is not None and not account.is_connected:
        raise Refusal(
            "sign_in_again",
            _("%(network)s asks you to sign in again before anything goes out from here."),
            field="channel",
            facts=facts,
        )
    raise Refusal(
        "not_connected",
        _("Your account on %(network)s is not connected. Open %(network)s yourself, or connect it first."),
        field="channel",
        facts=facts,
    )


def days_left(account: ConnectedAccount, now: datetime) -> int | None:
    """In how many days the person must sign in again, rounded up; None when they never must."""
    if account.ends_at is None:
        return None
    return max(0, -(-(account.ends_at - now) // timedelta(days=1)))


def days_worth_saying(account: ConnectedAccount, now: datetime) -> int | None:
    """`days_left` once it is time to say so: from the first reminder on, while the sign-in still holds."""
    left = days_left(account, now) if account.is_connected else None
    return left if left is not None and left <= REMINDERS[0] else None


def next_reminder(account: ConnectedAccount, now: datetime) -> datetime | None:
    """When the next reminder is due: 14, 7 and 1 days before; None when none is left."""
    if account.ends_at is None or not account.is_connected:
        return None
    said = account.reminded_days if account.reminded_days is not None else REMINDERS[0] + 1
    left = [days for days in REMINDERS if days < said]
    return account.ends_at - timedelta(days=left[0]) if left else account.ends_at


def said_already(account: ConnectedAccount, now: datetime) -> int | None:
    """The reminder that a fresh sign-in makes pointless: nobody wants to hear of what they did a moment ago."""
    left = days_left(account, now)
    return min((days for days in REMINDERS if left is not None and left <= days), default=None)


def next_turn(account: ConnectedAccount, now: datetime) -> datetime | None:
    """When a worker looks at the account next: to renew its sign-in, or to remind its person."""
    moments = [moment for moment in (next_reminder(account, now), account.renew_at) if moment is not None]
    return min(moments, default=None)
