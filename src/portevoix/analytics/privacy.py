"""What figures hold about a person: the exports they asked for (Export.requested_by). Erased with the person."""

from typing import Any

from django.db import transaction

from portevoix.analytics import files
from portevoix.analytics.models import Crowd, Dimension, Export, Tally
from portevoix.people.models import Person


def export_person(person: Person) -> dict[str, Any]:
    """The exports the person asked for."""
    rows = Export.objects.filter(requested_by=person)
    return {
        "exports": [
            {"kind": row.kind, "format": row.format, "asked_at": row.created_at.isoformat()} for row in rows
        ]
    }


@transaction.atomic
def erase_person(person: Person) -> int:
    """Erases the person's exports, files included, and their own figures; says how many rows."""
    figures = [
        model.unscoped.filter(organisation=person.organisation_id, dimension=Dimension.PERSON, key=person.pk)
        for model in (Tally, Crowd)
    ]
    gone = sum(one.delete()[0] for one in figures)
    rows = list(Export.objects.select_for_update().filter(requested_by=person))
    for row in rows:
        files.erase(row)
        row.delete()
    return len(rows) + gone
