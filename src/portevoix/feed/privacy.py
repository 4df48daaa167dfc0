"""What this room holds about a person, how it is handed over and how it is erased.

| row | personal fields | why, and how long |
|---|---|---|
| Taste (person) | pillar | the themes the person chose to follow; until they choose others or are erased |
"""

from typing import Any

from portevoix.feed.models import Taste
from portevoix.people.models import Person


def export_person(person: Person) -> dict[str, Any]:
    """The themes the person follows."""
    rows = Taste.unscoped.filter(person=person).select_related("pillar")
    return {"themes": [taste.pillar.name_in(person.language) for taste in rows]}


def erase_person(person: Person) -> int:
    """Erases what the person follows; says how many rows went."""
    erased_count: int = Taste.unscoped.filter(person=person).delete()[0]
    return erased_count
