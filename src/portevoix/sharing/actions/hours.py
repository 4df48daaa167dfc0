"""What changes a person's own hours."""

from collections.abc import Collection
from datetime import datetime
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.people import trail
from portevoix.people.models import Person
from portevoix.sharing.hours import Slot
from portevoix.sharing.models import PostingHour

MOST_HOURS = 7


@transaction.atomic
def choose_hours(*, person: Person, slots: Collection[Slot], now: datetime) -> None:
    """The person publishes at these moments of the week from now on; none at all brings back the two of ours.

    What is planned already stays where it is. Refuses an eighth hour, and two within half an hour.
    """
    chosen = sorted(set(slots))
    if len(chosen) > MOST_HOURS:
        raise Refusal(
            "too_many_hours", _("Seven hours a week are the most: one a day is plenty."), field="hours"
        )
    for earlier, later in pairwise(chosen):
        if earlier.weekday == later.weekday and later.minute - earlier.minute < 30:
            raise Refusal("hours_too_near", _("Leave half an hour between two of them."), field="hours")
    PostingHour.unscoped.filter(person=person).delete()
    PostingHour.unscoped.bulk_create(
        PostingHour(
            organisation_id=person.organisation_id, person=person, weekday=one.weekday, minute=one.minute
        )
        for one in chosen
    )
    trail.record(
        organisation_id=person.organisation_id,
        person=person,
        act="choose_hours",
        subject=person.code,
        now=now,
    )
