"""What this room holds about a person, how it is handed over and how it is erased.

| row | personal fields | why, and how long |
|---|---|---|
| Notice (person) | kind, facts, created_at, sent_at | what they were told, told once; three months |
"""

from typing import Any

from portevoix.notifications.models import Notice
from portevoix.people.models import Person


def export_person(person: Person) -> dict[str, Any]:
    """Everything held here about the person, for the person."""
    rows = Notice.unscoped.filter(person=person).order_by("created_at")
    return {
        "notices": [{"at": row.created_at.isoformat(), "about": row.kind, "facts": row.facts} for row in rows]
    }


def erase_person(person: Person) -> int:
    """Erases their notices; says how many rows went."""
    erased_count: int = Notice.unscoped.filter(person=person).delete()[0]
    return erased_count
