"""What this room holds about a person, how it is handed over and how it is erased.

| row | personal fields | why, and how long |
|---|---|---|
| Suggestion (person, decided_by) | link, comment, note | credit and answer; until erased |
| Story (author, suggested_by, reviewed_by) | who wrote, offered, decided | kept without the name once erased |
| Destination (confirmed_by) | who confirmed a site | kept without the name once erased |
"""

from typing import Any

from django.db import transaction
from django.db.models import Q

from portevoix.library.models import Destination, Story, Suggestion
from portevoix.people.models import Person


def export_person(person: Person) -> dict[str, Any]:
    """Everything held here about the person, for the person."""
    return {
        "suggestions": [
            {
                "at": row.created_at.isoformat(),
                "link": row.link,
                "comment": row.comment,
                "state": row.state,
                "note": row.note,
            }
            for row in Suggestion.unscoped.filter(person=person).order_by("created_at")
        ],
        "stories": [
            {
                "code": row.code,
                "title": row.title,
                "at": row.created_at.isoformat(),
                "wrote": row.author_id == person.pk,
                "suggested": row.suggested_by_id == person.pk,
                "reviewed": row.reviewed_by_id == person.pk,
            }
            for row in _stories_of(person).order_by("created_at")
        ],
        "destinations": list(Destination.unscoped.filter(confirmed_by=person).values_list("host", flat=True)),
    }


@transaction.atomic
def erase_person(person: Person) -> int:
    """Erases the person's suggestions; stories stay, without their name. Says how many rows went."""
    erased_count: int = Suggestion.unscoped.filter(person=person).delete()[0]
    Suggestion.unscoped.filter(decided_by=person).update(decided_by=None)
    for role in ("author", "suggested_by", "reviewed_by"):
        Story.unscoped.filter(**{role: person}).update(**{role: None})
    Destination.unscoped.filter(confirmed_by=person).update(confirmed_by=None)
    return erased_count


def _stories_of(person: Person) -> Any:
    return Story.unscoped.filter(Q(author=person) | Q(suggested_by=person) | Q(reviewed_by=person))
