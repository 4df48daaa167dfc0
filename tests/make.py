"""Plain typed makers of rows, built through the real actions wherever there is one."""

import unicodedata
from datetime import datetime
from typing import Any

from portevoix.core import tenancy
from portevoix.people.models import Account, Organisation, Participation, Person, RoleGrant, Team
from portevoix.people.roles import Role


def make_organisation(name: str, website: str, *, now: datetime, **facts: Any) -> Organisation:
    return Organisation.objects.create(name=name, website=website, created_at=now, **facts)


def make_team(organisation: Organisation, name: str) -> Team:
    with tenancy.acting_for(organisation.pk):
        return Team.objects.create(organisation=organisation, name=name)


def make_person(
    organisation: Organisation,
    given_name: str,
    roles: list[str],
    *,
    now: datetime,
    team: Any = None,
    language: str = "fr",
    password: str | None = None,
    joined: bool = True,
    **facts: Any,
) -> Person:
    """A person with a log-in `given@organisation.example`; ambassadors and contributors have joined unless told."""
    plain = unicodedata.normalize("NFD", given_name).encode("ascii", "ignore").decode().lower()
    host = organisation.website.split("/")[2]
    email = f"{plain}@{host}"
    account = Account.objects.filter(email=email).first()
    account = account or Account.objects.create_user(email, password, language=language)
    takes_part = joined and bool({Role.AMBASSADOR, Role.CONTRIBUTOR} & set(roles))
    with tenancy.acting_for(organisation.pk):
        person = Person.objects.create(
            organisation=organisation,
            account=account,
            given_name=given_name,
            team=team,
            language=language,
            participation=Participation.JOINED if takes_part else Participation.NOT_JOINED,
            joined_at=now if takes_part else None,
            created_at=now,
            **facts,
        )
        RoleGrant.objects.bulk_create(
            [RoleGrant(organisation=organisation, person=person, role=role) for role in roles]
        )
    return person
