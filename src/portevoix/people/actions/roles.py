"""Roles: giving one, taking one back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.people import checks, trail
from portevoix.people.models import Person, RoleGrant
from portevoix.people.roles import Role


@transaction.atomic
def grant_role(
    *, person: Person, role: str, by: Person | None, now: datetime, ends_on: date | None = None
) -> RoleGrant:
    """Gives the role, or moves its end. A consultant's mandate must have one; `by` gives only what they may."""
    checks.refuse_beyond(role, by)
    checked_end = _checked_end(role, ends_on, now.date())
    if checked_end and role == Role.ADMINISTRATOR:
        checks.refuse_last_administrator(person)
    grant: RoleGrant
    grant, _created = RoleGrant.unscoped.update_or_create(
        person=person, role=role, defaults={"organisation_id": person.organisation_id, "ends_on": checked_end}
    )
    person.forget_roles()
    _record("grant_role", grant, by, now)
    return grant


@transaction.atomic
def revoke_role(*, person: Person, role: str, by: Person, now: datetime) -> None:
    """Takes the role back at once; refuses to leave an organisation without an administrator."""
    checks.refuse_beyond(role, by)
    if role == Role.ADMINISTRATOR:
        checks.refuse_last_administrator(person)
    grant = RoleGrant.unscoped.filter(person=person, role=role).first()
    if grant is None:
        return
    _record("revoke_role", grant, by, now)
    grant.delete()
    person.forget_roles()


def _checked_end(role: str, ends_on: date | None, today: date) -> date | None:
    if role == Role.CONSULTANT and ends_on is None:
        raise Refusal("mandate_needs_end", _("Say on which day the mandate ends."), field="ends_on")
    if ends_on is not None and ends_on < today:
        raise Refusal("end_is_past", _("Choose a day that is still to come."), field="ends_on")
    return ends_on


def _record(act: str, grant: RoleGrant, by: Person | None, now: datetime) -> None:
    ends_on = grant.ends_on.isoformat() if grant.ends_on else ""
    trail.record(
        organisation_id=grant.organisation_id,
        person=by,
        act=act,
        subject=grant.person.code,
        now=now,
        role=grant.role,
        ends_on=ends_on,
    )
