"""What clicks led to, kept once, whoever tells it again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.links import click_ids, conversions
from portevoix.links.click_ids import ClickId
from portevoix.links.conversions import Report
from portevoix.links.models import ClickKey, Conversion, Link, Site, Source
from portevoix.links.queries import link_setting
from portevoix.people.models import Organisation


@dataclass(frozen=True)
class Recorded:
    """A conversion, and whether this report is the first of it."""

    conversion: Conversion
    is_new: bool


@transaction.atomic
def record_conversion(
    *,
    report: Report,
    source: Source,
    now: datetime,
    organisation: Organisation | None = None,
    origin: str = "",
) -> Recorded:
    """Keeps what a click led to, once, whoever tells it again.

    A server speaks for its `organisation`; a browser for the one whose click it names, from an `origin` that it listed.
    What a browser declared and a server then tells is the server's. Refuses a report that is unfit, a click id that is
    not theirs, one too old, a reference used for something else, and a browser's eleventh of one click.
    """
    conversions.refuse_unfit(report)
    link, said = _clicked(report.click, organisation)
    if (
        source == Source.BROWSER
        and not Site.unscoped.filter(organisation=link.organisation, origin=origin).exists()
    ):
        raise Refusal("unknown_site", _("This site is not one of those that may declare conversions."))
    clicked_at = conversions.moment_of_ms(said.at_ms)
    window = timedelta(days=link_setting(link.organisation_id).window_days)
    told = Conversion(
        organisation_id=link.organisation_id,
        link=link,
        kind=report.kind,
        value=report.value,
        currency=report.currency,
        source=source,
        reference=report.reference,
        mark=said.chance.hex(),
        clicked_at=clicked_at,
        at=conversions.moment_of(report, clicked_at, now, window),
        recorded_at=now,
    )
    return _kept(told)


def _clicked(click: str, organisation: Organisation | None) -> tuple[Link, ClickId]:
    """The link of a click id, locked so that its reports come one by one; refuses what names none."""
    keys = ClickKey.unscoped.filter(name=click_ids.key_name_of(click))
    row = (keys if organisation is None else keys.filter(organisation=organisation)).first()
    said = click_ids.Key(bytes(row.secret)).read(click) if row else None
    if row is None or said is None:
        raise conversions.unknown_click()
    links = Link.unscoped.select_for_update(of=("self",)).select_related("organisation")
    link = links.filter(pk=said.link_id, organisation=row.organisation_id).first()
    if link is None:
        raise conversions.unknown_click()
    return link, said


def _kept(told: Conversion) -> Recorded:
    try:
        with transaction.atomic():
            known = _known(told)
            if known is not None:
                return Recorded(known, is_new=False)
            _refuse_one_too_many(told)
            told.save()
    except IntegrityError:  # another link's report took the reference at this very moment
        raise _reference_used() from None
    return Recorded(told, is_new=True)


def _refuse_one_too_many(told: Conversion) -> None:
    of_click = Conversion.unscoped.filter(organisation=told.organisation_id, mark=told.mark)
    if told.source == Source.BROWSER and of_click.count() >= conversions.MOST_OF_A_CLICK:
        raise Refusal("too_many", _("A browser declares at most ten things of one click."), field="click")


def _known(told: Conversion) -> Conversion | None:
    """What was told of this before, made the stronger of the two; refuses a reference that means something else."""
    rows = Conversion.unscoped.filter(organisation=told.organisation_id)
    if told.reference and (named := rows.filter(reference=told.reference).first()):
        alike = ("link_id", "mark", "kind", "value", "currency")
        if any(getattr(named, name) != getattr(told, name) for name in alike):
            raise _reference_used()
        return named
    same: Conversion | None = rows.filter(mark=told.mark, kind=told.kind).order_by("pk").first()
    if same is None or (told.reference and same.source == Source.SERVER):
        return None
    if same.source == Source.BROWSER and told.source == Source.SERVER:
        for name in ("source", "reference", "value", "currency", "at"):
            setattr(same, name, getattr(told, name))
        same.save(update_fields=["source", "reference", "value", "currency", "at"])
    return same


def _reference_used() -> Refusal:
    return Refusal(
        "reference_used",
        _("This reference was used before, for something else: give each conversion its own."),
        field="reference",
    )
