"""What an operator sets for a network: whether people publish there from here, with which keys, for how much money."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import NotFound, Refusal
from portevoix.networks.direct import Dated, Keys
from portevoix.networks.failures import NetworkFailure, OperatorMust
from portevoix.people import trail
from portevoix.people.models import Person
from portevoix.people.roles import Ability
from portevoix.sharing import channels, keys, outgoing
from portevoix.sharing.actions.accounts import plan_again
from portevoix.sharing.keys import Offer
from portevoix.sharing.models import NetworkSetting, Post
from portevoix.sharing.states import PostState

LONGEST_KEY = 500
MOST_BUDGET_CENTS = 10_000_000
# What the operator can mend, and then goes on by itself.
MENDED = ("operator_must", "network_off", "budget_spent")


def set_network(
    *,
    by: Person,
    network: str,
    is_on: bool,
    now: datetime,
    client_id: str = "",
    client_secret: str = "",
    facts: Mapping[str, str] | None = None,
    budget_cents: int | None = None,
) -> NetworkSetting:
    """Sets a network for the organisation of `by`. New keys are tried by one real call before they are kept, sealed.

    An empty secret keeps the one there is. Refuses keys that the network does not know. When the network does not answer
    they are kept all the same, and it is said that they were not tried.
    """
    offer = _offer(by, network)
    client_id, client_secret = client_id.strip(), client_secret.strip()
    _refuse_unfit(offer, is_on, client_id, client_secret, facts or {}, budget_cents)
    found = _keys(offer, client_id, client_secret)
    problem = _tried(offer, found) if offer.direct.sign_in.needs_keys and found.client_secret else ""
    with transaction.atomic():
        row = _write(offer, by, is_on, found, facts or {}, budget_cents, problem, now)
    for post in Post.unscoped.filter(account__network=network, state=PostState.HELD, reason__in=MENDED):
        if post.organisation_id == by.organisation_id and row.is_on and not problem:
            with transaction.atomic():
                plan_again(post, now)
    return row


@transaction.atomic
def forget_keys(*, by: Person, network: str, now: datetime) -> None:
    """Erases the keys of a network, and closes it: what was planned there waits."""
    _offer(by, network)
    rows = NetworkSetting.unscoped.filter(organisation_id=by.organisation_id, network=network)
    rows.update(sealed="", client_id="", is_on=False, problem="", checked_at=None, changed_at=now)
    _record("forget_network_keys", by, network, now)


def _offer(by: Person, network: str) -> Offer:
    found = keys.offer_of(by.organisation_id, network) if by.may(Ability.ADMINISTER) else None
    if found is None:
        raise NotFound("network")
    return found


def _refuse_unfit(
    offer: Offer,
    is_on: bool,
    client_id: str,
    client_secret: str,
    facts: Mapping[str, str],
    budget_cents: int | None,
) -> None:
    if max(len(client_id), len(client_secret)) > LONGEST_KEY:
        raise Refusal("key_too_long", _("This is too long for a key. Copy it again."), field="client_secret")
    kept = offer.setting
    if client_id and client_id != kept.client_id and not client_secret:
        raise Refusal(
            "secret_missing",
            _("A new identifier comes with its own secret: paste it too."),
            field="client_secret",
        )
    if is_on and offer.direct.sign_in.needs_keys and not (kept.has_keys or (client_id and client_secret)):
        raise Refusal("keys_missing", _("Paste the identifier and the secret first."), field="client_id")
    version = facts.get("version", "")
    dated = offer.direct.sign_in
    if version and not (isinstance(dated, Dated) and dated.is_version(version)):
        raise Refusal(
            "bad_version",
            _("Write the year and the month, such as 202609, or nothing."),
            field="version",
        )
    if budget_cents is not None and not 0 <= budget_cents <= MOST_BUDGET_CENTS:
        raise Refusal("bad_budget", _("Write an amount between 0 and 100,000."), field="budget")
    budget = kept.budget_cents if budget_cents is None else budget_cents
    if is_on and offer.direct.publisher.terms.costs and not budget:
        raise Refusal(
            "no_budget", _("Each post is paid for: write what may be spent in a month."), field="budget"
        )


def _keys(offer: Offer, client_id: str, client_secret: str) -> Keys:
    kept = keys.keys_from(offer.setting.unsealed())
    return Keys(client_id or kept.client_id, client_secret or kept.client_secret)


def _tried(offer: Offer, found: Keys) -> str:
    """A code of what is wrong with the keys, empty when the network knows them; refuses those that it does not."""
    try:
        offer.direct.sign_in.check_keys(found, outgoing.wire_within())
    except OperatorMust:
        raise Refusal(
            "bad_keys",
            _("%(network)s does not know this identifier with this secret. Copy both again."),
            field="client_secret",
            facts={"network": offer.network.label},
        ) from None
    except NetworkFailure:
        return "not_tried"
    return ""


def _write(
    offer: Offer,
    by: Person,
    is_on: bool,
    found: Keys,
    facts: Mapping[str, str],
    budget_cents: int | None,
    problem: str,
    now: datetime,
) -> NetworkSetting:
    row: NetworkSetting = NetworkSetting.unscoped.get_or_create(
        organisation_id=by.organisation_id,
        network=offer.network.key,
        defaults={"changed_at": now},
    )[0]
    row.is_on, row.client_id, row.facts, row.problem = is_on, found.client_id, dict(facts), problem
    row.changed_at = now
    if budget_cents is not None:
        row.budget_cents = budget_cents
    if found.client_secret:
        row.sealed = row.seal({"client_id": found.client_id, "client_secret": found.client_secret})
        row.checked_at = None if problem else now
    row.save()
    _record("set_network", by, offer.network.key, now)
    return row


def _record(act: str, by: Person, network: str, now: datetime) -> None:
    trail.record(
        organisation_id=by.organisation_id,
        person=by,
        act=act,
        subject=network,
        now=now,
        name=str(channels.get(network).label),
    )
