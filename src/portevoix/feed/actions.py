"""What changes what a person sees."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from portevoix.editorial.models import Pillar
from portevoix.feed.models import Taste
from portevoix.people import trail
from portevoix.people.models import Person


@transaction.atomic
def choose_tastes(*, person: Person, pillars: Iterable[Pillar], now: datetime) -> list[Pillar]:
    """The person follows these themes and no others; themes of another organisation are left out."""
    chosen = [pillar for pillar in pillars if pillar.organisation_id == person.organisation_id]
    Taste.unscoped.filter(person=person).exclude(pillar__in=chosen).delete()
    rows = [Taste(organisation_id=person.organisation_id, person=person, pillar=pillar) for pillar in chosen]
    Taste.unscoped.bulk_create(rows, ignore_conflicts=True)
    trail.record(
        organisation_id=person.organisation_id,
        person=person,
        act="choose_tastes",
        subject=person.code,
        now=now,
    )
    return chosen
