"""Audiences: the saved rules that say for whom a story is."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.people import checks, trail
from portevoix.people.models import Audience, Language, Organisation, Person, Team
from portevoix.people.roles import Role
from portevoix.people.rules import AUDIENCE_KEYS

Rule = Mapping[str, Sequence[str]]


@transaction.atomic
def create_audience(
    *, organisation: Organisation, name: str, rule: Rule, by: Person | None, now: datetime
) -> Audience:
    """Saves a rule under a name; refuses what is neither team, country, language nor role."""
    tidy = checks.checked_name(name)
    checks.refuse_taken(Audience.unscoped.filter(organisation=organisation), tidy)
    checked = _checked_rule(organisation.pk, rule)
    audience: Audience = Audience.unscoped.create(organisation=organisation, name=tidy, rule=checked)
    _record("create_audience", audience, by, now)
    return audience


@transaction.atomic
def change_audience(*, audience: Audience, name: str, rule: Rule, by: Person, now: datetime) -> Audience:
    """Gives the audience another name or rule; stories that are for it follow."""
    tidy = checks.checked_name(name)
    others = Audience.unscoped.filter(organisation=audience.organisation_id).exclude(pk=audience.pk)
    checks.refuse_taken(others, tidy)
    audience.name, audience.rule = tidy, _checked_rule(audience.organisation_id, rule)
    audience.save(update_fields=["name", "rule"])
    _record("change_audience", audience, by, now)
    return audience


@transaction.atomic
def delete_audience(*, audience: Audience, by: Person, now: datetime) -> None:
    """Deletes the rule; stories that were for it are then for everyone, which the page says before."""
    _record("delete_audience", audience, by, now)
    audience.delete()


def _checked_rule(organisation_id: int, rule: Rule) -> dict[str, list[str]]:
    teams = set(Team.unscoped.filter(organisation=organisation_id).values_list("code", flat=True))
    known: dict[str, set[str]] = {
        "teams": teams,
        "languages": set(Language.values),
        "roles": set(Role.values),
    }
    checked = {key: sorted(set(values)) for key, values in rule.items() if values}
    for key, values in checked.items():
        is_known = set(values) <= known[key] if key in known else all(map(checks.is_country, values))
        if key not in AUDIENCE_KEYS or not is_known:
            raise Refusal("bad_rule", _("Choose among the values of the list."), field=key)
    return checked


def _record(act: str, audience: Audience, by: Person | None, now: datetime) -> None:
    trail.record(
        organisation_id=audience.organisation_id,
        person=by,
        act=act,
        subject=audience.code,
        now=now,
        name=audience.name,
    )
