"""What changes tracked links, how they are made, what their clicks led to, and the secrets of visitors."""

import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.links import click_ids, codes, conversions, tagging
from portevoix.links.cards import DRAWING_SIZE, CardFacts
from portevoix.links.changes import Changes
from portevoix.links.click_ids import ClickId
from portevoix.links.conversions import Report
from portevoix.links.models import (
    Card,
    ClickKey,
    Conversion,
    Link,
    LinkSetting,
    Site,
    Source,
    VisitorPeriod,
)
from portevoix.links.periods import Span, plan
from portevoix.links.queries import link_setting
from portevoix.links.stand_ins import reachable
from portevoix.people import trail
from portevoix.people.models import Organisation, Person

SECRET_BYTES = 32
LONGEST_DESTINATION = 2000
PERIODS_KEPT = timedelta(days=800)  # as long as the figures, which say in which period they are
_MOST_PLANNED = 16  # periods from the last one that is over to a week ahead

log = logging.getLogger(__name__)


@transaction.atomic
def open_link(
    *,
    organisation: Organisation,
    destination: str,
    fallback: str,
    expires_at: datetime | None,
    now: datetime,
    code: str = "",
    carries_click_id: bool = False,
    card: Card | None = None,
) -> Link:
    """Opens a link to a web page; `fallback` is where it leads once it expired or was withdrawn.

    With `carries_click_id`, the page is told which click it was (`click_ids`). Refuses what is not an http or https
    address, and a `code` that is taken.
    """
    if code and Link.unscoped.filter(code=code).exists():
        raise Refusal("code_taken", _("This link exists already. Please try again."))
    if carries_click_id:
        keep_click_key(organisation_id=organisation.pk, now=now)
    link: Link = Link.unscoped.create(
        organisation=organisation,
        code=code or codes.new_code(),
        destination=_checked(destination, carries_click_id=carries_click_id),
        carries_click_id=carries_click_id,
        card=card,
        fallback=_checked(fallback),
        expires_at=expires_at,
        created_at=now,
    )
    _tell_redirector([link.code])
    return link


@transaction.atomic
def retarget_links(
    *,
    links: Iterable[Link],
    destination: str,
    expires_at: datetime | None,
    now: datetime,
    carries_click_id: bool = False,
    card: Card | None = None,
) -> int:
    """Leads open and withdrawn links to another page until another day, under that card, and opens them again.

    Says how many.
    """
    rows = Link.unscoped.filter(pk__in=[link.pk for link in links])
    changed = list(rows.values_list("code", "organisation_id"))
    _tell_redirector([code for code, _organisation in changed])
    if carries_click_id:
        for organisation_id in {organisation_id for _code, organisation_id in changed}:
            keep_click_key(organisation_id=organisation_id, now=now)
    return rows.update(
        destination=_checked(destination, carries_click_id=carries_click_id),
        expires_at=expires_at,
        withdrawn_at=None,
        carries_click_id=carries_click_id,
        card=card,
    )


@transaction.atomic
def show_card(*, links: Iterable[Link], card: Card, now: datetime) -> int:
    """Has links show a card; says how many showed none, or another one."""
    rows = Link.unscoped.filter(pk__in=[link.pk for link in links]).exclude(card_id=card.pk)
    _tell_redirector(list(rows.values_list("code", flat=True)))
    return rows.update(card=card)


@transaction.atomic
def keep_card(
    *,
    organisation: Organisation,
    subject: str,
    shown: CardFacts,
    now: datetime,
    drawing: bytes = b"",
    drawn_from: str = "",
) -> Card:
    """Keeps what networks show of the links about a subject; the first or another one.

    With a `drawing` (PNG) of our own, it is the picture; with neither it nor a picture, the drawing there is stays.
    """
    rows = Card.unscoped.select_for_update().filter(organisation=organisation, subject=subject)
    card = rows.first() or Card(organisation=organisation, subject=subject)
    for name, value in asdict(shown).items():
        setattr(card, name, value)
    card.page, card.updated_at = _checked(shown.page), now
    if card.drawing and (drawing or shown.picture):
        _remove_later(card.drawing)
        card.drawing, card.drawn_from = "", ""
    if drawing:
        card.drawing.save(f"{card.code}.png", ContentFile(drawing), save=False)
        card.drawn_from = drawn_from
    if card.drawing:
        card.picture = f"/cards/{card.code}.png?v={card.drawn_from[:8]}"
        card.media_type, card.width, card.height, card.alt = "image/png", *DRAWING_SIZE, shown.title
    card.save()
    return card


def _remove_later(file: FieldFile) -> None:
    """The file goes once nobody is told of it any more."""
    storage, name = file.storage, file.name or ""
    transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def withdraw_links(*, links: Iterable[Link], now: datetime) -> int:
    """Has links lead to the company's page from now on; says how many did not yet."""
    rows = Link.unscoped.filter(pk__in=[link.pk for link in links], withdrawn_at=None)
    _tell_redirector(list(rows.values_list("code", flat=True)))
    return rows.update(withdrawn_at=now)


@transaction.atomic
def keep_visitor_secrets(*, organisation_id: int, now: datetime) -> int:
    """Plans the organisation's periods a week ahead, each with a secret, and destroys the secrets of those that are over.

    What was planned before the organisation chose another kind, or another clock, is planned anew. Says how many changed.
    """
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None:
        return 0
    rows = VisitorPeriod.unscoped.filter(organisation=organisation)
    destroyed = rows.filter(ends_at__lte=now).exclude(secret=None).update(secret=None)
    rows.filter(ends_at__lte=now - PERIODS_KEPT).delete()
    lately = sorted(rows.order_by("-starts_at")[:_MOST_PLANNED], key=lambda row: row.starts_at)
    wanted = plan([row.span for row in lately], organisation.visitor_period, organisation.time_zone, now)
    return destroyed + _keep_periods(organisation, [row for row in lately if row.ends_at > now], wanted)


def _keep_periods(organisation: Organisation, rows: list[VisitorPeriod], wanted: list[Span]) -> int:
    """Has the periods be those wanted; one that stays, or ends earlier than it was to, keeps its secret."""
    planned = {(span.first, span.starts_at): span for span in wanted}
    changed = 0
    for row in rows:
        span = planned.pop((row.first_on, row.starts_at), None)
        if span is None:
            row.delete()
            changed += 1
        elif span.ends_at != row.ends_at:
            row.last_on, row.ends_at = span.last, span.ends_at
            row.save(update_fields=["last_on", "ends_at"])
            changed += 1
    fresh = [
        VisitorPeriod(
            organisation=organisation,
            first_on=span.first,
            last_on=span.last,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            secret=secrets.token_bytes(SECRET_BYTES),
        )
        for span in planned.values()
    ]
    # Two workers may meet here: the first secret of a period is the one that stays.
    VisitorPeriod.unscoped.bulk_create(fresh, ignore_conflicts=True)
    return changed + len(fresh)


@transaction.atomic
def keep_click_key(*, organisation_id: int, now: datetime) -> ClickKey:
    """The organisation's key for click ids; made the first time it is needed."""
    rows = ClickKey.unscoped.filter(organisation_id=organisation_id)
    if not rows.exists():
        secret = secrets.token_bytes(click_ids.SECRET_BYTES)
        fresh = ClickKey(organisation_id=organisation_id, secret=secret, created_at=now)
        fresh.name = click_ids.Key(secret).name.hex()
        # Two shares may meet here: the first key stays.
        ClickKey.unscoped.bulk_create([fresh], ignore_conflicts=True)
    key: ClickKey = rows.get()
    return key


@dataclass(frozen=True)
class Recorded:
    """A conversion, and whether this report is the first of it."""

    conversion: Conversion
    is_new: bool


@transaction.atomic
def change_link_setting(
    *,
    organisation: Organisation,
    by: Person,
    now: datetime,
    is_tagging: bool,
    patterns: Mapping[str, str],
    carries_click_ids: bool,
    window_days: int,
) -> LinkSetting:
    """Says how links are made from now on; those that are open follow when their story changes.

    Refuses a placeholder that is none, above all a person's, and a window of no days or more than ninety.
    """
    wanted = {
        "is_tagging": is_tagging,
        **{name: _checked_pattern(name, patterns.get(name, "")) for name in tagging.PARAMETERS},
        "carries_click_ids": carries_click_ids,
        "window_days": _checked_window(window_days),
    }
    row, _made = LinkSetting.unscoped.select_for_update().get_or_create(organisation=organisation)
    changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
        _record(organisation, by, "change_link_setting", organisation.code, now, changed=changed)
    return row


@transaction.atomic
def add_site(*, organisation: Organisation, by: Person, address: str, now: datetime) -> Site:
    """Lets browsers on that site declare what a click led to; a second time changes nothing. Refuses what is no site."""
    origin = conversions.origin_of(address)
    if not origin:
        raise Refusal(
            "bad_site", _("Write the site’s address, such as https://www.company.example."), field="address"
        )
    site, is_new = Site.unscoped.get_or_create(
        organisation=organisation, origin=origin, defaults={"added_at": now}
    )
    if is_new:
        _record(organisation, by, "add_site", site.code, now, origin=origin)
    return site


@transaction.atomic
def remove_site(*, site: Site, by: Person, now: datetime) -> None:
    """Browsers on that site are no longer listened to; what they declared stays."""
    _record(site.organisation, by, "remove_site", site.code, now, origin=site.origin)
    site.delete()


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


def _checked_pattern(name: str, pattern: str) -> str:
    kept = pattern.strip()
    problem = tagging.problem_of(kept)
    if problem.startswith("{"):
        raise Refusal(
            "unknown_placeholder",
            _("%(placeholder)s stands for nothing here. Choose among %(placeholders)s."),
            field=name,
            facts={
                "placeholder": problem,
                "placeholders": ", ".join(f"{{{one}}}" for one in tagging.PLACEHOLDERS),
            },
        )
    if problem:
        raise Refusal(
            "bad_pattern", _("Write at most 120 signs on one line, without lone braces."), field=name
        )
    return kept


def _checked_window(days: int) -> int:
    if days not in conversions.WINDOW_DAYS:
        raise Refusal("bad_window", _("Choose from 1 to 90 days."), field="window_days")
    return days


def _record(
    organisation: Organisation, by: Person, act: str, subject: str, now: datetime, **facts: Any
) -> None:
    trail.record(organisation_id=organisation.pk, person=by, act=act, subject=subject, now=now, **facts)


def _tell_redirector(changed: Sequence[str]) -> None:
    """Once this is committed, the redirector's processes on this machine know it with their next answer.

    Where they cannot be told, they find out by themselves a second or two later.
    """

    def tell() -> None:
        try:
            _changes(settings.VAR).tell(changed)
        except OSError as error:
            log.warning("The redirector could not be told of changed links (%s).", error)

    if changed:
        transaction.on_commit(tell)


@cache
def _changes(var: Path) -> Changes:
    return Changes(var)


def _checked(address: str, *, carries_click_id: bool = False) -> str:
    """The address as it is kept. A click id that was copied with it makes room for each visit's own."""
    if carries_click_id:
        address = tagging.without(address, click_ids.PARAMETER)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(address) > LONGEST_DESTINATION:
        raise Refusal("bad_destination", _("A link can only lead to a page of the web."))
    return reachable(address, settings.ENVIRONMENT.stand_ins)
