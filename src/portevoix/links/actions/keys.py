"""Secrets: those that tell visitors apart, each for its period, and those of click ids."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from portevoix.links import click_ids
from portevoix.links.models import ClickKey, VisitorPeriod
from portevoix.links.periods import Span, plan
from portevoix.people.models import Organisation

SECRET_BYTES = 32
PERIODS_KEPT = timedelta(days=800)  # as long as the figures, which say in which period they are
_MOST_PLANNED = 16  # periods from the last one that is over to a week ahead


@transaction.atomic
def keep_visitor_secrets(*, organisation_id: int, now: datetime) -> int:
    """Plans the organisation's periods a week ahead, each with a secret, and destroys the secrets of those that are over.

    What was planned before the organisation chose another kind, or another clock, is planned anew. Says how many changed.
    """
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None:
        return 0
    rows = VisitorPeriod.unscoped.filter(organisation=organisation)
    destroyed = rows.filter(ends_at__lte=now).exclude(secret=None).update(secret=None)
    rows.filter(ends_at__lte=now - PERIODS_KEPT).delete()
    lately = sorted(rows.order_by("-starts_at")[:_MOST_PLANNED], key=lambda row: row.starts_at)
    wanted = plan([row.span for row in lately], organisation.visitor_period, organisation.time_zone, now)
    return destroyed + _keep_periods(organisation, [row for row in lately if row.ends_at > now], wanted)


def _keep_periods(organisation: Organisation, rows: list[VisitorPeriod], wanted: list[Span]) -> int:
    """Has the periods be those wanted; one that stays, or ends earlier than it was to, keeps its secret."""
    planned = {(span.first, span.starts_at): span for span in wanted}
    changed = 0
    for row in rows:
        span = planned.pop((row.first_on, row.starts_at), None)
        if span is None:
            row.delete()
            changed += 1
        elif span.ends_at != row.ends_at:
            row.last_on, row.ends_at = span.last, span.ends_at
            row.save(update_fields=["last_on", "ends_at"])
            changed += 1
    fresh = [
        VisitorPeriod(
            organisation=organisation,
            first_on=span.first,
            last_on=span.last,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            secret=secrets.token_bytes(SECRET_BYTES),
        )
        for span in planned.values()
    ]
    # Two workers may meet here: the first secret of a period is the one that stays.
    VisitorPeriod.unscoped.bulk_create(fresh, ignore_conflicts=True)
    return changed + len(fresh)


@transaction.atomic
def keep_click_key(*, organisation_id: int, now: datetime) -> ClickKey:
    """The organisation's key for click ids; made the first time it is needed."""
    rows = ClickKey.unscoped.filter(organisation_id=organisation_id)
    if not rows.exists():
        secret = secrets.token_bytes(click_ids.SECRET_BYTES)
        fresh = ClickKey(organisation_id=organisation_id, secret=secret, created_at=now)
        fresh.name = click_ids.Key(secret).name.hex()
        # Two shares may meet here: the first key stays.
        ClickKey.unscoped.bulk_create([fresh], ignore_conflicts=True)
    key: ClickKey = rows.get()
    return key
