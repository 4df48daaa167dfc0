"""What this room holds about a person, how it is handed over and how it is erased.

| row | personal fields | why, and how long |
|---|---|---|
| Account | email, language, theme, password, last_login, session_mark | signing in; until erased |
| Person (account) | names, team, country, language, time_zone, participation | until erased |
| RoleGrant (person) | role, ends_on | what they may do; until taken back |
| Invitation (invited_by) | email, given_name, language, role | 30 days after it ran out |
| ApiToken (created_by) | created_at | whom to ask about it: kept without the name once erased |
| TrailEntry (person) | act, subject, at | proof of who did what: kept without the name once erased |
"""

from typing import Any

from django.db import transaction
from django.db.models import Q

from portevoix.core import events
from portevoix.people.events import PersonErased
from portevoix.people.models import Account, ApiToken, Invitation, Person, RoleGrant, TrailEntry


def export_person(person: Person) -> dict[str, Any]:
    """Everything held here about the person, for the person."""
    return {
        "account": {
            "email": person.account.email,
            "language": person.account.language,
            "theme": person.account.theme,
        },
        "person": {
            "given_name": person.given_name,
            "family_name": person.family_name,
            "team": person.team.name if person.team else "",
            "country": person.country,
            "language": person.language,
            "time_zone": person.time_zone,
            "participation": person.participation,
            "joined_at": person.joined_at and person.joined_at.isoformat(),
        },
        "roles": [
            {"role": grant.role, "ends_on": grant.ends_on and grant.ends_on.isoformat()}
            for grant in RoleGrant.unscoped.filter(person=person)
        ],
        "invitations": [
            {"at": row.created_at.isoformat(), "role": row.role} for row in _invitations_of(person)
        ],
        "api_tokens": [
            {"name": row.name, "at": row.created_at.isoformat()}
            for row in ApiToken.unscoped.filter(created_by=person)
        ],
        "trail": [
            {"at": entry.at.isoformat(), "act": entry.act, "subject": entry.subject}
            for entry in TrailEntry.unscoped.filter(person=person).order_by("at")
        ],
    }


@transaction.atomic
def erase_person(person: Person) -> int:
    """Erases the person and, when no other organisation knows it, the log-in; the trail keeps acts without names.

    The rooms above erase theirs first. Says how many rows went.
    """
    account, person_id = person.account, person.pk
    erased_count: int = _invitations_of(person).delete()[0]
    TrailEntry.unscoped.filter(Q(person=person) | Q(subject=person.code)).update(person=None, facts={})
    erased_count += person.delete()[0]
    if not Person.unscoped.filter(account=account).exists():
        erased_count += Account.objects.filter(pk=account.pk).delete()[0]
    events.publish(PersonErased(organisation_id=person.organisation_id, person_id=person_id))
    return erased_count


def _invitations_of(person: Person) -> Any:
    return Invitation.unscoped.filter(organisation=person.organisation_id, email=person.account.email)
