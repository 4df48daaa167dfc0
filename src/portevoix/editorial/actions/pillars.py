"""Pillars: created, changed, put in order, archived and taken up again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.editorial.models import Pillar
from portevoix.editorial.rules import PILLAR_LIMIT, PILLAR_NAME_LENGTH
from portevoix.people import trail
from portevoix.people.models import Language, Organisation, Person


@transaction.atomic
def create_pillar(
    *,
    organisation: Organisation,
    person: Person | None,
    names: Mapping[str, str],
    now: datetime,
    description: str = "",
    target_share: int = 0,
) -> Pillar:
    """Adds a pillar at the end; refuses one without a name, a target out of 0–100, and a thirteenth pillar."""
    in_use = Pillar.unscoped.filter(organisation=organisation, archived_at=None)
    if in_use.count() >= PILLAR_LIMIT:
        raise Refusal(
            "too_many_pillars",
            _("A line holds in %(limit)s pillars: archive one first."),
            field="names",
            facts={"limit": PILLAR_LIMIT},
        )
    last = in_use.aggregate(last=Max("position"))["last"]
    pillar = Pillar.unscoped.create(
        organisation=organisation,
        names=_names(names),
        description=description.strip(),
        target_share=_target(target_share),
        position=0 if last is None else last + 1,
    )
    _record(pillar, person, "create_pillar", now)
    return pillar


@transaction.atomic
def change_pillar(
    *,
    pillar: Pillar,
    person: Person,
    names: Mapping[str, str],
    now: datetime,
    description: str = "",
    target_share: int = 0,
) -> Pillar:
    """Renames a pillar, describes it or moves its target; refuses what `create_pillar` refuses."""
    pillar.names = _names(names)
    pillar.description = description.strip()
    pillar.target_share = _target(target_share)
    pillar.save(update_fields=["names", "description", "target_share"])
    _record(pillar, person, "change_pillar", now)
    return pillar


@transaction.atomic
def archive_pillar(*, pillar: Pillar, person: Person, now: datetime) -> Pillar:
    """Puts a pillar away: its stories keep it, new ones cannot choose it."""
    if pillar.archived_at is None:
        pillar.archived_at = now
        pillar.save(update_fields=["archived_at"])
        _record(pillar, person, "archive_pillar", now)
    return pillar


@transaction.atomic
def restore_pillar(*, pillar: Pillar, person: Person, now: datetime) -> Pillar:
    """Takes an archived pillar up again, where it stood."""
    if pillar.archived_at is not None:
        pillar.archived_at = None
        pillar.save(update_fields=["archived_at"])
        _record(pillar, person, "restore_pillar", now)
    return pillar


@transaction.atomic
def reorder_pillars(
    *, organisation: Organisation, person: Person, codes: Sequence[str], now: datetime
) -> list[Pillar]:
    """Puts the pillars in the order of these codes; those not named follow, in their old order."""
    rows = list(
        Pillar.unscoped.filter(organisation=organisation, archived_at=None).order_by("position", "pk")
    )
    wanted = {code: place for place, code in enumerate(codes)}
    rows.sort(key=lambda row: wanted.get(row.code, len(wanted)))
    for place, row in enumerate(rows):
        row.position = place
    Pillar.unscoped.bulk_update(rows, ["position"])
    trail.record(organisation_id=organisation.pk, person=person, act="reorder_pillars", now=now)
    return rows


def _names(names: Mapping[str, str]) -> dict[str, str]:
    kept = {language: names.get(language, "").strip() for language in Language.values}
    kept = {language: name for language, name in kept.items() if name}
    if not kept:
        raise Refusal(
            "pillar_without_name", _("Give the pillar a name in one language at least."), field="names"
        )
    if any(len(name) > PILLAR_NAME_LENGTH for name in kept.values()):
        raise Refusal(
            "pillar_name_too_long",
            _("A name of %(limit)s characters at most, please: it is shown on small cards."),
            field="names",
            facts={"limit": PILLAR_NAME_LENGTH},
        )
    return kept


def _target(share: int) -> int:
    if not 0 <= share <= 100:
        raise Refusal(
            "bad_target", _("The target is a share of the stories: from 0 to 100."), field="target_share"
        )
    return share


def _record(pillar: Pillar, person: Person | None, act: str, now: datetime) -> None:
    trail.record(organisation_id=pillar.organisation_id, person=person, act=act, subject=pillar.code, now=now)
