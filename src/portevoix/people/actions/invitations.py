"""Invitations by e-mail: valid seven days, one open per address, reminded once, then silence."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core import work
from portevoix.core.errors import Refusal
from portevoix.people import checks, tokens, trail
from portevoix.people.actions.participation import join_programme
from portevoix.people.actions.persons import create_person
from portevoix.people.actions.roles import grant_role
from portevoix.people.models import Invitation, Language, Person, Team
from portevoix.people.roles import Role, takes_part_by
from portevoix.people.rules import INVITATION_LIFE, REMINDER_AFTER


@transaction.atomic
def invite_person(
    *,
    by: Person,
    email: str,
    now: datetime,
    role: str = Role.AMBASSADOR,
    role_ends_on: date | None = None,
    team: Team | None = None,
    language: str = "",
    given_name: str = "",
) -> Invitation:
    """Invites an address into the organisation of `by`; the worker sends the mail.

    Refuses an address already invited or already here, and a role that `by` may not give.
    """
    address = checks.checked_email(email)
    checks.refuse_beyond(role, by)
    if role == Role.CONSULTANT and (role_ends_on is None or role_ends_on < now.date()):
        raise Refusal("mandate_needs_end", _("Say on which day the mandate ends."), field="role_ends_on")
    checks.refuse_other_organisation(by, team)
    _refuse_if_here(by.organisation_id, address)
    _close_expired(by.organisation_id, address, now)
    invitation: Invitation = Invitation.unscoped.create(
        organisation_id=by.organisation_id,
        email=address,
        given_name=" ".join(given_name.split())[:80],
        role=role,
        role_ends_on=role_ends_on,
        team=team,
        language=language if language in Language.values else by.organisation.language,
        invited_by=by,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
        due_at=now,
    )
    work.ask(invitation)
    _record("invite_person", invitation, by, now)
    return invitation


@transaction.atomic
def remind(*, invitation: Invitation, by: Person, now: datetime) -> Invitation:
    """Sends the one reminder now, or tries again a mail that failed; refuses before 48 hours and a second time."""
    row = _locked(invitation)
    _refuse_if_closed(row, now)
    if row.reminded_at:
        raise Refusal(
            "reminded_already", _("This address was reminded once. Portevoix stays silent from now on.")
        )
    if row.sent_at and now - row.sent_at < REMINDER_AFTER:
        raise Refusal("reminder_too_soon", _("A reminder may go out 48 hours after the invitation."))
    row.due_at = now
    row.save(update_fields=["due_at"])
    work.ask(row)
    _record("remind_invitation", row, by, now)
    return row


@transaction.atomic
def cancel_invitation(*, invitation: Invitation, by: Person, now: datetime) -> Invitation:
    """Withdraws the invitation: its link opens nothing any more."""
    row = _locked(invitation)
    _refuse_if_closed(row, now)
    row.cancelled_at, row.due_at = now, None
    row.save(update_fields=["cancelled_at", "due_at"])
    _record("cancel_invitation", row, by, now)
    return row


@transaction.atomic
def accept_invitation(
    *,
    invitation: Invitation,
    given_name: str,
    now: datetime,
    family_name: str = "",
    password: str = "",
    language: str = "",
    time_zone: str = "",
) -> Person:
    """Makes the person and, if new, their log-in; who is invited to take part has joined with the same tap."""
    row = _locked(invitation)
    _refuse_if_closed(row, now)
    person = create_person(
        organisation=row.organisation,
        email=row.email,
        given_name=given_name,
        family_name=family_name,
        team=row.team,
        language=language or row.language,
        time_zone=time_zone,
        password=password,
        now=now,
    )
    grant_role(person=person, role=row.role, ends_on=row.role_ends_on, by=None, now=now)
    row.accepted_at, row.due_at = now, None
    row.save(update_fields=["accepted_at", "due_at"])
    _record("accept_invitation", row, person, now)
    return join_programme(person=person, now=now) if takes_part_by(row.role) else person


def _locked(invitation: Invitation) -> Invitation:
    row: Invitation = Invitation.unscoped.select_for_update(of=("self",)).get(pk=invitation.pk)
    return row


def _refuse_if_closed(invitation: Invitation, now: datetime) -> None:
    if not invitation.is_open(now):
        raise tokens.invalid_link()


def _refuse_if_here(organisation_id: int, email: str) -> None:
    here = Person.unscoped.filter(organisation=organisation_id, account__email=email, is_active=True)
    if here.exists():
        raise Refusal("already_here", _("This address already has access."), field="email")


def _close_expired(organisation_id: int, email: str, now: datetime) -> None:
    """An invitation that ran out makes room for a new one; one that is open does not."""
    standing = Invitation.unscoped.select_for_update().filter(
        organisation=organisation_id, email=email, accepted_at__isnull=True, cancelled_at__isnull=True
    )
    if standing.filter(expires_at__gt=now).exists():
        raise Refusal("already_invited", _("This address has an invitation already."), field="email")
    standing.update(cancelled_at=now, due_at=None)


def _record(act: str, invitation: Invitation, by: Person, now: datetime) -> None:
    trail.record(
        organisation_id=invitation.organisation_id, person=by, act=act, subject=invitation.code, now=now
    )
