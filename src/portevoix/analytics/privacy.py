"""What figures hold about a person: the exports they asked for (Export.requested_by). Erased with the person."""

from typing import Any

from portevoix.analytics.models import Export
from portevoix.people.models import Person


def export_person(person: Person) -> dict[str, Any]:
    """The exports the person asked for."""
    rows = Export.objects.filter(requested_by=person)
    return {"exports": [{"kind": row.kind, "asked_at": row.created_at.isoformat()} for row in rows]}


def erase_person(person: Person) -> int:
    """Erases the person's exports, files included; says how many."""
    rows = list(Export.objects.filter(requested_by=person))
    for row in rows:
        row.file.delete(save=False)
        row.delete()
    return len(rows)
