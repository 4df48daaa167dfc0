"""What posts cost, where a network wants money for them: reserved before a request leaves, within the month's budget."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F

from portevoix.sharing.models import ConnectedAccount, NetworkSetting, NetworkSpending

MICROS_PER_CENT = 10_000


def month_of(moment: datetime) -> str:
    """The month that a cost belongs to, in UTC, as networks bill: 2026-11."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def next_month(moment: datetime) -> datetime:
    """When the next month's budget opens."""
    first = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def spent_micros(organisation_id: int, network: str, now: datetime) -> int:
    """What the organisation's posts there cost this month so far."""
    rows = NetworkSpending.unscoped.filter(
        organisation_id=organisation_id, network=network, month=month_of(now)
    )
    return rows.values_list("micros", flat=True).first() or 0


@transaction.atomic
def reserve(account: ConnectedAccount, micros: int, now: datetime) -> bool:
    """Takes the cost of a request out of the month's budget; False, and nothing is taken, when it does not fit."""
    if not micros:
        return True
    organisation_id, network = account.organisation_id, account.network
    setting = NetworkSetting.unscoped.filter(organisation_id=organisation_id, network=network).first()
    budget = (setting.budget_cents if setting else 0) * MICROS_PER_CENT
    row, _made = NetworkSpending.unscoped.get_or_create(
        organisation_id=organisation_id, network=network, month=month_of(now)
    )
    within = NetworkSpending.unscoped.filter(pk=row.pk, micros__lte=budget - micros)
    return bool(within.update(micros=F("micros") + micros))


def note(account: ConnectedAccount, micros: int, now: datetime) -> None:
    """Writes down what a request cost that was made whatever the budget."""
    if micros:
        row, _made = NetworkSpending.unscoped.get_or_create(
            organisation_id=account.organisation_id, network=account.network, month=month_of(now)
        )
        NetworkSpending.unscoped.filter(pk=row.pk).update(micros=F("micros") + micros)


def give_back(account: ConnectedAccount, micros: int, reserved_at: datetime) -> None:
    """Puts the cost of a try back that the network did not carry out."""
    if micros:
        rows = NetworkSpending.unscoped.filter(
            organisation_id=account.organisation_id,
            network=account.network,
            month=month_of(reserved_at),
            micros__gte=micros,
        )
        rows.update(micros=F("micros") - micros)
