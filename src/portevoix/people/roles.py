"""What each role may do. Pure: no database here."""

from collections.abc import Iterable
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A part that a person plays in the programme; one person may play several."""

    AMBASSADOR = "ambassador", _("Ambassador")
    CONTRIBUTOR = "contributor", _("Contributor")
    EDITOR = "editor", _("Editor")
    MANAGER = "manager", _("Programme manager")
    TEAM_LEAD = "team_lead", _("Team lead")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")
    CONSULTANT = "consultant", _("Consultant")


class Ability(StrEnum):
    """One thing that a role allows."""

    SHARE = "share"
    SUGGEST = "suggest"
    WRITE_STORIES = "write_stories"
    PUBLISH_STORIES = "publish_stories"
    MANAGE_SOURCES = "manage_sources"
    EDIT_LINE = "edit_line"
    SEE_FIGURES = "see_figures"
    EXPORT_FIGURES = "export_figures"
    INVITE = "invite"
    MANAGE_PEOPLE = "manage_people"
    ADMINISTER = "administer"


_MEMBER = {Ability.SHARE, Ability.SUGGEST}
_EDITOR = {
    Ability.WRITE_STORIES,
    Ability.PUBLISH_STORIES,
    Ability.MANAGE_SOURCES,
    Ability.EDIT_LINE,
    Ability.SEE_FIGURES,
    Ability.EXPORT_FIGURES,
}
ABILITIES: dict[str, frozenset[Ability]] = {
    Role.AMBASSADOR: frozenset(_MEMBER),
    Role.CONTRIBUTOR: frozenset(_MEMBER | {Ability.WRITE_STORIES}),
    Role.EDITOR: frozenset(_EDITOR),
    Role.MANAGER: frozenset(_EDITOR | {Ability.INVITE}),
    Role.TEAM_LEAD: frozenset({Ability.SEE_FIGURES}),
    # Figures of groups only: an analyst reads no personal data anywhere.
    Role.ANALYST: frozenset({Ability.SEE_FIGURES, Ability.EXPORT_FIGURES}),
    Role.ADMINISTRATOR: frozenset({Ability.INVITE, Ability.MANAGE_PEOPLE, Ability.ADMINISTER}),
    # An agency runs the programme, it does not administer the client's people.
    Role.CONSULTANT: frozenset(_EDITOR | {Ability.INVITE}),
}


def abilities_of(roles: Iterable[str]) -> frozenset[Ability]:
    """Everything that the roles allow together; unknown roles allow nothing."""
    return frozenset().union(*(ABILITIES.get(role, frozenset()) for role in roles))


def sees_studio(roles: Iterable[str]) -> bool:
    """Whether any of the roles has work to do in the studio."""
    return bool(abilities_of(roles) & {Ability.WRITE_STORIES, Ability.SEE_FIGURES, Ability.INVITE})


MEMBER_ROLES = (Role.AMBASSADOR, Role.CONTRIBUTOR)


def takes_part_by(role: str) -> bool:
    """Whether accepting that role is accepting to take part in the programme."""
    return role in MEMBER_ROLES


def roles_given_by(roles: Iterable[str]) -> tuple[Role, ...]:
    """The roles that somebody of those roles may give: nobody hands out more power than they administer."""
    abilities = abilities_of(roles)
    if Ability.MANAGE_PEOPLE in abilities:
        return tuple(Role)
    return MEMBER_ROLES if Ability.INVITE in abilities else ()
