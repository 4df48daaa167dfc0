"""The cast: a test reads as a sentence when its people have names."""

from dataclasses import dataclass
from datetime import datetime

from make import make_organisation, make_person, make_team
from portevoix.people.models import Organisation, Person
from portevoix.people.roles import Role


@dataclass(frozen=True)
class Cast:
    """Who plays. All belong to Atlas, but Otto, who is the editor of Other."""

    atlas: Organisation
    other: Organisation
    ana: Person  # ambassador, sales
    noor: Person  # ambassador, another team
    chloe: Person  # contributor
    ines: Person  # editor
    marc: Person  # programme manager
    karim: Person  # team lead, sales
    lea: Person  # analyst
    driss: Person  # administrator
    salma: Person  # consultant
    otto: Person  # editor of another organisation


def assemble(now: datetime) -> Cast:
    """Builds both organisations and everyone in them."""
    atlas = make_organisation(
        "Atlas Énergies", "https://atlas.example/", now=now, mail_domains=["atlas.example"]
    )
    other = make_organisation("Other", "https://other.example/", now=now)
    sales, projects = make_team(atlas, "Ventes"), make_team(atlas, "Projets")

    def person(name: str, role: str, team: object = None, **facts: object) -> Person:
        return make_person(atlas, name, [role], team=team, now=now, **facts)

    return Cast(
        atlas=atlas,
        other=other,
        ana=person("Ana", Role.AMBASSADOR, sales, country="MA", time_zone="Africa/Casablanca"),
        noor=person("Noor", Role.AMBASSADOR, projects, language="ar", country="MA"),
        chloe=person("Chloé", Role.CONTRIBUTOR, projects),
        ines=person("Ines", Role.EDITOR),
        marc=person("Marc", Role.MANAGER),
        karim=person("Karim", Role.TEAM_LEAD, sales),
        lea=person("Léa", Role.ANALYST),
        driss=person("Driss", Role.ADMINISTRATOR),
        salma=person("Salma", Role.CONSULTANT),
        otto=make_person(other, "Otto", [Role.EDITOR], now=now),
    )
