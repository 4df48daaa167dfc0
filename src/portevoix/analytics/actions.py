"""Writes about figures: asking for an export."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.analytics import files
from portevoix.analytics.models import Export
from portevoix.analytics.period import Period, today_in, whole_weeks
from portevoix.core import work
from portevoix.core.errors import Refusal
from portevoix.people import trail
from portevoix.people.models import Person
from portevoix.people.roles import Ability

WAITING_LIMIT = 3
BY_WEEKS = (Export.Kind.OVERVIEW, Export.Kind.DAILY)  # told by whole weeks, and named by them


@transaction.atomic
def request_export(
    *,
    person: Person,
    kind: str,
    since_on: date,
    until_on: date,
    language: str,
    now: datetime,
    format: str = Export.Format.CSV,
) -> Export:
    """Asks for a file, which the worker prepares.

    Refuses what is no kind or no format of an export, a period that ends before it begins, and a fourth file while three
    are being prepared.
    """
    if kind != Export.Kind.MY_SHARES and not person.may(Ability.EXPORT_FIGURES):
        raise Refusal("not_allowed", _("Your role does not export the programme's figures."))
    if kind not in Export.Kind.values:
        raise Refusal("unknown_kind", _("Choose what to export."), field="kind")
    if format not in Export.Format.values:
        raise Refusal("unknown_format", _("Choose a format."), field="format")
    if until_on < since_on:
        raise Refusal("empty_period", _("The period ends before it begins."), field="until_on")
    if kind in BY_WEEKS:
        zone = person.organisation.time_zone
        weeks = whole_weeks(Period(since_on, until_on, zone), today=today_in(zone, now))
        since_on, until_on = weeks.since, weeks.until
    if Export.objects.filter(requested_by=person, state=Export.State.WAITING).count() >= WAITING_LIMIT:
        raise Refusal("too_many", _("Three files are being prepared already; wait for one of them."))
    export: Export = Export.objects.create(
        organisation=person.organisation,
        requested_by=person,
        kind=kind,
        format=format,
        since_on=since_on,
        until_on=until_on,
        language=language,
        created_at=now,
        due_at=now,
    )
    work.ask(export)
    trail.record(
        organisation_id=person.organisation_id,
        person=person,
        act=_act("request", kind),
        subject=export.code,
        now=now,
        kind=kind,
        format=format,
    )
    return export


@transaction.atomic
def erase_export(*, export: Export, now: datetime) -> None:
    """Erases an export at its owner's wish, its file included, whether or not it was ready."""
    held = Export.objects.select_for_update().filter(pk=export.pk).first()
    if held is None:  # erased a moment ago, elsewhere
        return
    trail.record(
        organisation_id=export.organisation_id,
        person=export.requested_by,
        act=_act("erase", export.kind),
        subject=export.code,
        now=now,
        kind=export.kind,
    )
    forgotten = files.names_of(held)  # as the row is now: its file may just have become ready
    held.delete()
    transaction.on_commit(lambda: files.erase_names(forgotten))


def _act(verb: str, kind: str) -> str:
    """What a person takes away of their own shares is their own business: the trail shows it to nobody else."""
    return f"{verb}_own_export" if kind == Export.Kind.MY_SHARES else f"{verb}_export"
