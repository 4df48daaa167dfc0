"""Persons and their log-ins: coming in, what they are, what they prefer, going out."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core import events
from portevoix.core.codes import new_code
from portevoix.core.errors import Refusal
from portevoix.people import checks, trail
from portevoix.people.actions.roles import grant_role
from portevoix.people.events import PersonDeactivated
from portevoix.people.models import Account, Invitation, Organisation, Person, RoleGrant, Team
from portevoix.people.roles import Role


@transaction.atomic
def create_person(
    *,
    organisation: Organisation,
    email: str,
    given_name: str,
    now: datetime,
    family_name: str = "",
    roles: Iterable[str] = (),
    team: Team | None = None,
    country: str = "",
    language: str = "",
    time_zone: str = "",
    password: str = "",
    by: Person | None = None,
) -> Person:
    """Makes a person, and their log-in if the address has none; finds again one who had been deactivated.

    The password of a log-in that exists is never changed here. Taking part is theirs to decide: `join_programme`.
    """
    account = _account(checks.checked_email(email), password, language or organisation.language)
    person: Person
    person, created = Person.unscoped.get_or_create(
        organisation=organisation,
        account=account,
        defaults={
            "given_name": checks.checked_name(given_name, field="given_name", longest=checks.LONGEST_NAME),
            "family_name": checks.checked_family_name(family_name),
            "team": team,
            "country": country or organisation.country,
            "language": account.language,
            "time_zone": time_zone or organisation.time_zone,
            "created_at": now,
        },
    )
    if not created:
        _bring_back(person, team)
    _open_log_in(account)
    _record("create_person", person, by, now)
    for role in roles:
        grant_role(person=person, role=role, by=by, now=now)
    return person


@transaction.atomic
def change_person(
    *,
    person: Person,
    by: Person,
    now: datetime,
    given_name: str,
    family_name: str,
    language: str,
    time_zone: str,
    country: str | None = None,
    team: Team | None = None,
    keep_team: bool = False,
) -> Person:
    """Changes name, language, zone, country and, unless `keep_team`, the team; a person changes their own, too."""
    person.given_name = checks.checked_name(given_name, field="given_name", longest=checks.LONGEST_NAME)
    person.family_name = checks.checked_family_name(family_name)
    person.language = checks.checked_language(language)
    person.time_zone = checks.checked_zone(time_zone)
    person.country = person.country if country is None else checks.checked_country(country)
    if not keep_team:
        checks.refuse_other_organisation(person, team)
        person.team = team
    person.save(update_fields=["given_name", "family_name", "language", "time_zone", "country", "team"])
    _record("change_person", person, by, now)
    return person


@transaction.atomic
def change_preferences(
    *, account: Account, now: datetime, language: str | None = None, theme: str | None = None
) -> Account:
    """How the log-in's owner likes to read: language; theme `light`, `dark`, or empty for the device's own."""
    if language is not None:
        account.language = checks.checked_language(language)
        Person.unscoped.filter(account=account).update(language=language)
    if theme is not None:
        if theme not in ("", "light", "dark"):
            raise Refusal("unknown_theme", _("Choose a theme of the list."), field="theme")
        account.theme = theme
    account.save(update_fields=["language", "theme"])
    return account


@transaction.atomic
def deactivate_person(*, person: Person, by: Person, now: datetime) -> Person:
    """Ends the person's access, their roles and every session at once; refuses for oneself and the last administrator.

    Roles do not come back by themselves: whoever invites somebody again gives only what they may give.
    """
    if person.pk == by.pk:
        raise Refusal("not_oneself", _("Ask another administrator to end your own access."))
    if Role.ADMINISTRATOR in person.roles:
        checks.refuse_last_administrator(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    RoleGrant.unscoped.filter(person=person).delete()
    person.forget_roles()
    _withdraw_invitations(person, now)
    _end_sessions(person.account)
    _close_log_in_without_organisation(person.account)
    _record("deactivate_person", person, by, now)
    events.publish(PersonDeactivated(organisation_id=person.organisation_id, person_id=person.pk))
    return person


@transaction.atomic
def reactivate_person(*, person: Person, by: Person, now: datetime) -> Person:
    """Gives the person access again; their roles are to be given anew."""
    _bring_back(person, person.team)
    _record("reactivate_person", person, by, now)
    return person


def _account(email: str, password: str, language: str) -> Account:
    found = Account.objects.filter(email=email).first()
    if found:
        return found
    account = Account(email=email, language=checks.checked_language(language))
    if password:
        checks.refuse_weak_password(password, account)
    return Account.objects.create_user(email, password or None, language=language)


def _bring_back(person: Person, team: Team | None) -> None:
    person.is_active, person.team = True, team or person.team
    person.save(update_fields=["is_active", "team"])
    _open_log_in(person.account)


def _open_log_in(account: Account) -> None:
    """A log-in closed when its last organisation ended its access serves again in another."""
    if not account.is_active:
        account.is_active = True
        account.save(update_fields=["is_active"])


def _close_log_in_without_organisation(account: Account) -> None:
    if not Person.unscoped.filter(account=account, is_active=True).exists():
        account.is_active = False
        account.save(update_fields=["is_active"])


def _withdraw_invitations(person: Person, now: datetime) -> None:
    """A letter still in the mailbox of somebody who left must not let them in again."""
    standing = Invitation.unscoped.filter(
        organisation=person.organisation_id,
        email=person.account.email,
        accepted_at__isnull=True,
        cancelled_at__isnull=True,
    )
    standing.update(cancelled_at=now, due_at=None)


def _end_sessions(account: Account) -> None:
    account.session_mark = new_code()
    account.save(update_fields=["session_mark"])


def _record(act: str, person: Person, by: Person | None, now: datetime) -> None:
    trail.record(organisation_id=person.organisation_id, person=by, act=act, subject=person.code, now=now)
