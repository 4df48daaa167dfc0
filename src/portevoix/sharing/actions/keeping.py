"""An account that its person said is theirs is kept; a sign-in that nobody wants, or wants any more, is forgotten.

What a network granted and we do not keep, the network is asked to forget: a token that nobody uses is only a risk.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core import work
from portevoix.core.errors import Refusal
from portevoix.networks.direct import Grant, Identity
from portevoix.networks.failures import NetworkFailure
from portevoix.people.models import Person
from portevoix.sharing import accounts, grants, outgoing, queries
from portevoix.sharing.actions.accounts import plan_held_posts, record
from portevoix.sharing.actions.composition import lock_person
from portevoix.sharing.keys import Offer
from portevoix.sharing.models import ConnectedAccount, Registration, SignInAttempt

ATTEMPT_LIFE = timedelta(minutes=10)
MOST_FORGOTTEN = 2
KEPT_AFTER_END, UNUSED_AFTER = timedelta(days=30), timedelta(days=1)
State = ConnectedAccount.State
Stage = SignInAttempt.Stage


def too_late() -> Refusal:
    """What a person hears who says yes or no when nothing waits for it any more."""
    return Refusal("sign_in_late", _("This sign-in took more than ten minutes. Begin again."))


def close(attempt: SignInAttempt) -> bool:
    """Nothing more comes of it; False when somebody closed it already."""
    open_still = SignInAttempt.unscoped.filter(pk=attempt.pk).exclude(stage=Stage.OVER)
    return bool(open_still.update(stage=Stage.OVER, sealed="", identity={}))


def read_limits(offer: Offer, grant: Grant) -> dict[str, object]:
    """The limits of the account's own server; the network's own hold while it does not say."""
    try:
        found = offer.direct.publisher.read_limits(grant, outgoing.wire_within())
    except NetworkFailure:
        return {}
    if found is None:
        return {}
    return {
        "max_length": found.max_length,
        "unit": str(found.unit),
        "link_length": found.link_length,
        "max_bytes": found.max_bytes,
        "max_links": found.max_links,
    }


@transaction.atomic
def keep(
    *,
    attempt: SignInAttempt,
    person: Person,
    grant: Grant,
    identity: Identity,
    limits: dict[str, object],
    now: datetime,
) -> ConnectedAccount:
    """The account with its new sign-in: the person's alone, and whoever was working on it writes nothing more."""
    lock_person(person)
    place = f"{attempt.network}:{attempt.host}:{identity.account_id}"
    row = _account_before(person, attempt.network)
    if row is not None and row.place != place:
        raise Refusal(
            "other_account",
            _("You are signed in there as %(other)s, and %(handle)s is connected here. Disconnect it first."),
            facts={"other": identity.handle or identity.name, "handle": row.handle or row.name},
        )
    if not close(attempt):
        raise too_late()
    if row is None:
        row = ConnectedAccount(
            organisation_id=person.organisation_id, person=person, network=attempt.network, place=place
        )
    _forget_later(row, grant)
    row.host, row.account_id = attempt.host, identity.account_id
    row.server = (grant.extra.get("server") or attempt.host)[:255]
    row.handle, row.name, row.url = identity.handle, identity.name, identity.url
    row.state, row.limits, row.scopes = State.CONNECTED, limits, list(grant.scopes)
    row.sealed = row.seal(grant.as_dict())
    for name, moment in grants.facts_of(grant, grants.direct_of(row), now).items():
        setattr(row, name, moment)
    row.connected_at, row.refreshing_until = now, None
    row.claimed_by, row.claimed_until, row.attempts, row.fence = "", None, 0, row.fence + 1
    row.reminded_days = accounts.said_already(row, now)
    row.due_at = accounts.next_turn(row, now)
    row.save()
    work.ask(row)
    plan_held_posts(row, now)
    record("connect_account", row, now)
    return row


def _account_before(person: Person, network: str) -> ConnectedAccount | None:
    found = queries.account_on(person, network)
    if found is None:
        return None
    row: ConnectedAccount = ConnectedAccount.unscoped.select_for_update().get(pk=found.pk)
    return row if row.is_there else None


def _forget_later(row: ConnectedAccount, fresh: Grant) -> None:
    """Once the new sign-in is kept, the network forgets the one before; unless it gave the same tokens again."""
    before = Grant.from_dict(row.unsealed()) if row.sealed else None
    if before is None or {before.access_token, before.refresh_token} & {
        fresh.access_token,
        fresh.refresh_token,
    }:
        return
    place = (row.network, row.organisation_id, row.host)
    transaction.on_commit(lambda: grants.forget(*place, before))


def forget_attempts(*, now: datetime) -> int:
    """Erases attempts that nobody finished, and has networks forget what they granted; says how many.

    A few grants at a time: networks may take their time, and the next look goes on.
    """
    old = SignInAttempt.unscoped.filter(begun_at__lt=now - 3 * ATTEMPT_LIFE)
    waiting = list(old.filter(stage=Stage.WAITING)[:MOST_FORGOTTEN])
    for attempt in waiting:
        _forget_grant(attempt)
    erased_count: int = old.exclude(stage=Stage.WAITING).delete()[0]
    return erased_count + len(waiting)


def forget_ended(*, now: datetime) -> int:
    """Erases accounts that ended a month ago and hold no post, and our registrations where nobody is; says how many."""
    ended = ConnectedAccount.unscoped.filter(state=State.ENDED, ended_at__lt=now - KEPT_AFTER_END, posts=None)
    used = [
        set(rows.exclude(host="").values_list("network", "host").distinct())
        for rows in (ConnectedAccount.unscoped.exclude(sealed=""), SignInAttempt.unscoped.all())
    ]
    old = Registration.objects.exclude(host="").filter(made_at__lt=now - UNUSED_AFTER)
    unused = [row.pk for row in old if (row.network, row.host) not in set().union(*used)]
    count: int = ended.delete()[0] + Registration.objects.filter(pk__in=unused).delete()[0]
    return count


def forget_grants_of(person: Person) -> None:
    """Has every network forget what it granted that person, kept or waiting for their yes."""
    for account in ConnectedAccount.unscoped.filter(person=person).exclude(sealed=""):
        grant = Grant.from_dict(account.unsealed())
        grants.forget(account.network, account.organisation_id, account.host, grant)
    for attempt in SignInAttempt.unscoped.filter(person=person, stage=Stage.WAITING):
        _forget_grant(attempt)


def _forget_grant(attempt: SignInAttempt) -> None:
    grant = Grant.from_dict(attempt.unsealed()["grant"])
    if close(attempt):
        grants.forget(attempt.network, attempt.organisation_id, attempt.host, grant)
        attempt.delete()
