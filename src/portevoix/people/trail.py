"""The trail of who did what: written by actions, in their own transaction, and never changed."""

from datetime import datetime
from typing import Any

from portevoix.people.models import Person, TrailEntry


def record(
    *, organisation_id: int, person: Person | None, act: str, subject: str = "", now: datetime, **facts: Any
) -> None:
    """Adds one line: who (None: Portevoix itself), what (a verb and a noun, as the action's name), to which code."""
    TrailEntry.unscoped.create(
        organisation_id=organisation_id, person=person, act=act, subject=subject, facts=facts, at=now
    )
