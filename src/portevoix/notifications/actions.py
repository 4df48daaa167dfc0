"""What changes notices: telling somebody something, and thinking better of it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from portevoix.core import work
from portevoix.core.quiet import first_allowed
from portevoix.notifications.models import Notice
from portevoix.people.models import Person


@transaction.atomic
def tell(
    *, person: Person, kind: str, key: str, path: str, now: datetime, facts: dict[str, Any] | None = None
) -> Notice:
    """Tells a person something, once whatever the number of calls with that key, when they allow it."""
    country = person.country or person.organisation.country
    notice, is_new = Notice.unscoped.get_or_create(
        person=person,
        key=key[:120],
        defaults={
            "organisation_id": person.organisation_id,
            "kind": kind,
            "facts": facts or {},
            "path": path,
            "created_at": now,
            "due_at": first_allowed(now, person.time_zone, country),
        },
    )
    if is_new:
        work.ask(notice)
    return notice


@transaction.atomic
def drop(*, person: Person, key_prefix: str, now: datetime) -> int:
    """What was still to be told about that is no longer worth telling; says how many notices that makes."""
    waiting = Notice.unscoped.filter(person=person, key__startswith=key_prefix, sent_at=None, dropped_at=None)
    return waiting.update(dropped_at=now, due_at=None)
