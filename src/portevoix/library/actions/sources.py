"""Sources: feeds that are followed; added, changed, paused, taken up again, removed."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core import work
from portevoix.core.errors import Refusal
from portevoix.core.http import Door
from portevoix.editorial.models import Pillar
from portevoix.library.actions.polling import poll_source
from portevoix.library.actions.starting import checked_link
from portevoix.library.models import Source
from portevoix.people import trail
from portevoix.people.models import Audience, Organisation, Person
from portevoix.people.roles import Ability

ADDRESS_LENGTH = 1000
NAME_LENGTH = 120
LARGEST_LIMIT = 100


def add_source(
    *,
    organisation: Organisation,
    person: Person,
    address: str,
    now: datetime,
    name: str = "",
    mode: str = Source.Mode.REVIEW,
    pillar: Pillar | None = None,
    audience: Audience | None = None,
    new_per_day_limit: int = 3,
    active_limit: int = 10,
    door: Door | None = None,
) -> Source:
    """Follows a feed, and reads it at once: what went wrong stands on the source, in words, and it is tried again.

    Refuses what is no address, and a feed that is followed already. A source without a name takes its host's.
    """
    _refuse_unable(person)
    facts = _checked(
        name or address.split("://")[-1].split("/")[0], address, mode, new_per_day_limit, active_limit
    )
    try:
        with transaction.atomic():
            source = Source.unscoped.create(
                organisation=organisation,
                pillar=pillar,
                audience=audience,
                created_at=now,
                due_at=now,
                **facts,
            )
            _record(source, person, "add_source", now)
    except IntegrityError:
        raise _followed_already() from None
    return poll_now(source=source, now=now, door=door)


def poll_now(*, source: Source, now: datetime, door: Door | None = None) -> Source:
    """Reads a source without waiting for its turn; one that is being read already is left to its reader."""
    Source.unscoped.filter(pk=source.pk).update(due_at=now)
    claimed = work.claim(Source.unscoped.filter(pk=source.pk), now=now)
    if claimed is not None:
        poll_source(source=claimed, now=now, door=door)
    source.refresh_from_db()
    return source


@transaction.atomic
def change_source(
    *,
    source: Source,
    person: Person,
    name: str,
    address: str,
    mode: str,
    now: datetime,
    pillar: Pillar | None = None,
    audience: Audience | None = None,
    new_per_day_limit: int = 3,
    active_limit: int = 10,
) -> Source:
    """Changes what a source is and how much it may bring; refuses what `add_source` refuses."""
    _refuse_unable(person)
    facts = _checked(name, address, mode, new_per_day_limit, active_limit)
    others = Source.unscoped.filter(organisation_id=source.organisation_id, address=facts["address"])
    if others.exclude(pk=source.pk).exists():
        raise _followed_already()
    if facts["address"] != source.address:
        # What the old address said about its last version means nothing at the new one.
        facts |= {"etag": "", "last_modified": "", "due_at": now, "problem": "", "attempts": 0}
    for key, value in {**facts, "pillar": pillar, "audience": audience}.items():
        setattr(source, key, value)
    source.save(update_fields=[*facts, "pillar", "audience"])
    work.ask(source)
    _record(source, person, "change_source", now)
    return source


@transaction.atomic
def pause_source(*, source: Source, person: Person, now: datetime) -> Source:
    """Stops following a source for a while; its stories stay."""
    _refuse_unable(person)
    source.paused_at = source.paused_at or now
    source.due_at = None
    source.save(update_fields=["paused_at", "due_at"])
    _record(source, person, "pause_source", now)
    return source


@transaction.atomic
def resume_source(*, source: Source, person: Person, now: datetime) -> Source:
    """Follows a paused source again, from now on."""
    _refuse_unable(person)
    source.paused_at = None
    source.due_at = now
    source.save(update_fields=["paused_at", "due_at"])
    work.ask(source)
    _record(source, person, "resume_source", now)
    return source


@transaction.atomic
def remove_source(*, source: Source, person: Person, now: datetime) -> Source:
    """Follows a source no longer; the stories it brought stay."""
    _refuse_unable(person)
    _record(source, person, "remove_source", now)
    source.delete()
    return source


def _checked(name: str, address: str, mode: str, new_per_day: int, active: int) -> dict[str, object]:
    link = checked_link(address, field="address")
    if len(link) > ADDRESS_LENGTH:
        raise Refusal(
            "too_long",
            _("%(limit)s characters at most, please."),
            field="address",
            facts={"limit": ADDRESS_LENGTH},
        )
    if mode not in Source.Mode.values:
        raise Refusal("unknown_mode", _("Choose one of the list."), field="mode")
    for field, value in (("new_per_day_limit", new_per_day), ("active_limit", active)):
        if not 1 <= value <= LARGEST_LIMIT:
            raise Refusal(
                "bad_limit", _("From 1 to %(limit)s, please."), field=field, facts={"limit": LARGEST_LIMIT}
            )
    return {
        "name": " ".join(name.split())[:NAME_LENGTH] or link.split("/")[2],
        "address": link,
        "mode": mode,
        "new_per_day_limit": new_per_day,
        "active_limit": active,
    }


def _refuse_unable(person: Person) -> None:
    if not person.may(Ability.MANAGE_SOURCES):
        raise Refusal("cannot_manage_sources", _("Your role does not look after sources."))


def _followed_already() -> Refusal:
    return Refusal("source_exists", _("This feed is followed already."), field="address")


def _record(source: Source, person: Person, act: str, now: datetime) -> None:
    trail.record(
        organisation_id=source.organisation_id,
        person=person,
        act=act,
        subject=source.code,
        now=now,
        name=source.name,
        address=source.address,
    )
