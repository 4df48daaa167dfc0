"""Reads about who is here. Objects reach a page only through a `get_…_for`, which answers absent and forbidden alike."""

from django.db.models import Prefetch, QuerySet

from portevoix.core.errors import NotFound
from portevoix.people.models import Account, Audience, Organisation, Person, RoleGrant, Team
from portevoix.people.roles import Ability


def memberships_of(account: Account) -> list[Person]:
    """The account's persons in every organisation where they are active, by name of the organisation."""
    grants = Prefetch("grants", queryset=RoleGrant.unscoped.all())
    persons = Person.unscoped.filter(account=account, is_active=True)
    rows: QuerySet[Person] = persons.select_related("organisation", "team", "account").prefetch_related(
        grants
    )
    return list(rows.order_by("organisation__name"))


def choose_membership(memberships: list[Person], organisation_code: str | None) -> Person | None:
    """The membership of that organisation; else the first; None when there is none."""
    chosen = [person for person in memberships if person.organisation.code == organisation_code]
    return next(iter(chosen or memberships), None)


def get_organisation(code: str) -> Organisation:
    """The organisation of that code, for whoever may name it."""
    try:
        return Organisation.objects.get(code=code)
    except Organisation.DoesNotExist:
        raise NotFound("organisation") from None


def get_person_for(person: Person, code: str) -> Person:
    """A person of the same organisation, for those who manage people."""
    found = people_of(person).filter(code=code).first() if person.may(Ability.MANAGE_PEOPLE) else None
    if found is None:
        raise NotFound("person")
    return found


def people_of(person: Person) -> QuerySet[Person]:
    """Everyone of the person's organisation, with their team, log-in and roles."""
    rows: QuerySet[Person] = Person.objects.select_related("team", "account", "organisation")
    return rows.prefetch_related("grants").order_by("given_name", "family_name")


def teams() -> QuerySet[Team]:
    """The teams of the organisation in force, by name."""
    rows: QuerySet[Team] = Team.objects.order_by("name")
    return rows


def audiences() -> QuerySet[Audience]:
    """The audiences of the organisation in force, by name."""
    rows: QuerySet[Audience] = Audience.objects.order_by("name")
    return rows


def get_audience_for(person: Person, code: str) -> Audience:
    """An audience of the organisation, for those who write stories."""
    found = Audience.objects.filter(code=code).first() if person.may(Ability.WRITE_STORIES) else None
    if found is None:
        raise NotFound("audience")
    return found
