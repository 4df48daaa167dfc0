"""Taking part: join, pause, leave. One tap, the person's own, no reason asked, nobody notified."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core import events
from portevoix.core.errors import Refusal
from portevoix.people import trail
from portevoix.people.events import PersonJoined, PersonLeft, PersonPaused
from portevoix.people.models import MOVES, Participation, Person

_EVENTS = {
    Participation.JOINED: PersonJoined,
    Participation.PAUSED: PersonPaused,
    Participation.LEFT: PersonLeft,
}


def join_programme(*, person: Person, now: datetime) -> Person:
    """The person takes part, for the first time or again."""
    return _move(person, Participation.JOINED, "join_programme", now)


def pause_programme(*, person: Person, now: datetime) -> Person:
    """The person stops for a while; nothing is proposed to them until they join again."""
    return _move(person, Participation.PAUSED, "pause_programme", now)


def leave_programme(*, person: Person, now: datetime) -> Person:
    """The person takes part no longer; their log-in stays, for their own results and for coming back."""
    return _move(person, Participation.LEFT, "leave_programme", now)


@transaction.atomic
def _move(person: Person, to: str, act: str, now: datetime) -> Person:
    row = Person.unscoped.select_for_update().get(pk=person.pk)
    if row.participation == to:  # a second tap
        return person
    if to not in MOVES[row.participation]:
        raise Refusal("no_such_move", _("You do not take part in the programme at the moment."))
    person.participation = to
    person.joined_at = now if to == Participation.JOINED else row.joined_at
    person.save(update_fields=["participation", "joined_at"])
    trail.record(organisation_id=person.organisation_id, person=person, act=act, subject=person.code, now=now)
    events.publish(_EVENTS[Participation(to)](organisation_id=person.organisation_id, person_id=person.pk))
    return person
