"""Teams: making, renaming, deleting."""

from datetime import datetime

from django.db import transaction

from portevoix.people import checks, trail
from portevoix.people.models import Organisation, Person, Team


@transaction.atomic
def create_team(*, organisation: Organisation, name: str, by: Person | None, now: datetime) -> Team:
    """Makes a team; refuses a name that another team bears."""
    tidy = checks.checked_name(name)
    checks.refuse_taken(Team.unscoped.filter(organisation=organisation), tidy)
    team: Team = Team.unscoped.create(organisation=organisation, name=tidy)
    _record("create_team", team, by, now)
    return team


@transaction.atomic
def rename_team(*, team: Team, name: str, by: Person, now: datetime) -> Team:
    """Gives the team another name; refuses one that another team bears."""
    tidy = checks.checked_name(name)
    if tidy == team.name:
        return team
    checks.refuse_taken(Team.unscoped.filter(organisation=team.organisation_id).exclude(pk=team.pk), tidy)
    team.name = tidy
    team.save(update_fields=["name"])
    _record("rename_team", team, by, now)
    return team


@transaction.atomic
def delete_team(*, team: Team, by: Person, now: datetime) -> None:
    """Deletes the team; its people stay, without a team."""
    _record("delete_team", team, by, now)
    team.delete()


def _record(act: str, team: Team, by: Person | None, now: datetime) -> None:
    trail.record(
        organisation_id=team.organisation_id, person=by, act=act, subject=team.code, now=now, name=team.name
    )
