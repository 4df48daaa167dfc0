"""What people type, checked before it is written: names, addresses, zones, passwords, and the power to give roles."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.people.models import (
    Account,
    ApiToken,
    Audience,
    Language,
    Organisation,
    Person,
    RoleGrant,
    Team,
)
from portevoix.people.roles import Role, roles_given_by

LONGEST_NAME = 80


def checked_name(name: str, *, field: str = "name", longest: int = 120) -> str:
    """The name without surrounding blanks; refuses an empty one and one that is too long (characters)."""
    tidy = " ".join(name.split())
    if not tidy:
        raise Refusal("no_name", _("Give a name."), field=field)
    if len(tidy) > longest:
        facts = {"longest": longest}
        raise Refusal("long_name", _("At most %(longest)s characters."), field=field, facts=facts)
    return tidy


def checked_family_name(name: str) -> str:
    """The family name, which may be empty; refuses one that is too long."""
    return checked_name(name, field="family_name", longest=LONGEST_NAME) if name.strip() else ""


def refuse_taken(rows: QuerySet[Team] | QuerySet[Audience] | QuerySet[ApiToken], name: str) -> None:
    """Refuses a name that one of the rows bears already, whatever its capitals."""
    if rows.filter(name__iexact=name).exists():
        raise Refusal("name_taken", _("“%(name)s” exists already."), field="name", facts={"name": name})


def checked_email(email: str) -> str:
    """The address in lower case; refuses what is not one."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal("bad_email", _("This is not an e-mail address."), field="email") from None
    return address


def checked_zone(name: str) -> str:
    """The name, if it is a time zone; refuses another."""
    try:
        clock.zone(name)
    except clock.UnknownZone:
        raise Refusal("unknown_zone", _("Choose a time zone of the list."), field="time_zone") from None
    return name


def checked_language(language: str) -> str:
    """The code, if it is one of our languages; refuses another."""
    if language not in Language.values:
        raise Refusal("unknown_language", _("Choose a language of the list."), field="language")
    return language


def is_country(code: str) -> bool:
    """Whether it is written as a country's code: two capital letters."""
    return len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()


def checked_country(code: str) -> str:
    """The country's code in capitals, or empty; refuses what is not one."""
    country = code.strip().upper()
    if country and not is_country(country):
        raise Refusal(
            "unknown_country", _("Write the country as two letters, for example MA."), field="country"
        )
    return country


def refuse_weak_password(password: str, account: Account) -> None:
    """Refuses a password too short or too common, with Django's own sentence."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refusal("weak_password", " ".join(error.messages), field="password") from None


def refuse_other_organisation(person: Person, team: Team | None) -> None:
    """Refuses a team of another organisation than the person's."""
    if team is not None and team.organisation_id != person.organisation_id:
        raise Refusal("unknown_team", _("Choose a team of the list."), field="team")


def refuse_beyond(role: str, by: Person | None) -> None:
    """Refuses a role that `by` may not give; `None` is Portevoix itself, which may."""
    if role not in Role.values or (by is not None and role not in roles_given_by(by.roles)):
        raise Refusal("role_not_yours", _("You cannot give this role."), field="role")


def refuse_last_administrator(person: Person) -> None:
    """Refuses when nobody else could administer the organisation for good. Takes turns: call it in a transaction."""
    Organisation.objects.select_for_update().get(pk=person.organisation_id)
    administrators = RoleGrant.unscoped.filter(
        organisation=person.organisation_id,
        role=Role.ADMINISTRATOR,
        person__is_active=True,
        ends_on__isnull=True,
    )
    if not administrators.exclude(person=person).exists():
        raise Refusal(
            "last_administrator",
            _("This is the only administrator. Give the role to somebody else first."),
            field="role",
        )
