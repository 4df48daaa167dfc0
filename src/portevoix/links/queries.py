"""Reads about tracked links."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Max, QuerySet, Sum

from portevoix.core.errors import NotFound
from portevoix.links.models import Card, Link, LinkSetting, SegmentProgress, Site, VisitorPeriod
from portevoix.links.stand_ins import reachable
from portevoix.links.visitors import MONTH, Period, period_of
from portevoix.people.models import Organisation, Person
from portevoix.people.roles import Ability


def address_of(code: str) -> str:
    """The public address of the tracked link of that code, whether or not it was opened yet."""
    return f"{settings.LINK_ADDRESS}/r/{code}"


def link_of_code(code: str) -> Link | None:
    """The link of that code, whichever organisation it belongs to: codes are shared by all of them."""
    found: Link | None = Link.unscoped.filter(code=code).first()
    return found


def card_about(organisation: Organisation, subject: str) -> Card | None:
    """The card that links about that subject show, if it has been made."""
    found: Card | None = Card.unscoped.filter(organisation=organisation, subject=subject).first()
    return found


def get_drawn_card(code: str) -> Card:
    """The card of that code, for anyone, when its picture is a drawing of ours."""
    found: Card | None = Card.unscoped.filter(code=code).exclude(drawing="").first()
    if found is None:
        raise NotFound("card")
    return found


def link_setting(organisation_id: int) -> LinkSetting:
    """How the organisation has its links made; the product's defaults while it said nothing."""
    found: LinkSetting | None = LinkSetting.unscoped.filter(organisation=organisation_id).first()
    return found or LinkSetting(organisation_id=organisation_id)


def sites() -> QuerySet[Site]:
    """The sites of the organisation in force, in alphabetical order."""
    rows: QuerySet[Site] = Site.objects.order_by("origin")
    return rows


def get_site_for(person: Person, code: str) -> Site:
    """A site of the organisation, for those who administer."""
    found: Site | None = sites().filter(code=code).first() if person.may(Ability.ADMINISTER) else None
    if found is None:
        raise NotFound("site")
    return found


def is_site_of_somebody(origin: str) -> bool:
    """Whether any organisation listed that origin: all that can be said before a browser names its click."""
    return bool(origin) and Site.unscoped.filter(origin=origin).exists()


def readable_address(address: str) -> str:
    """Where a browser of this machine reads that page: invented hosts are served by the demo itself."""
    return reachable(address, settings.ENVIRONMENT.stand_ins)


@dataclass(frozen=True)
class LostClicks:
    """Clicks that were answered and could not be written, of the whole installation; when that was last found."""

    count: int
    noticed_at: datetime | None


def lost_clicks() -> LostClicks:
    """What the segments own up to, as far as they are judged."""
    told = SegmentProgress.objects.filter(lost_count__gt=0).aggregate(Sum("lost_count"), Max("judged_at"))
    return LostClicks(told["lost_count__sum"] or 0, told["judged_at__max"])


def visitor_period(organisation: Organisation, day: date) -> Period:
    """The period that holds a day of the organisation's clock: within it, a visitor counts once."""
    return visitor_periods(organisation, day, day)[0]


def visitor_periods(organisation: Organisation | int, first: date, last: date) -> list[Period]:
    """The periods that hold the days from `first` to `last`, oldest first, whole; a visitor counts once in each.
    Of an organisation, or of the one with that row number.

    Days of which nothing is kept are in calendar months, as they were before there was a choice.
    """
    rows = VisitorPeriod.unscoped.filter(organisation=organisation, first_on__lte=last, last_on__gte=first)
    found: list[Period] = []
    day = first
    for row in rows.order_by("first_on"):
        before = [
            Period(one.first, min(one.last, row.first_on - _A_DAY)) for one in _months(day, row.first_on)
        ]
        found += [one for one in before if one.first <= one.last]
        found.append(Period(row.first_on, row.last_on))
        day = row.last_on + _A_DAY
    return found + _months(day, last + _A_DAY)


_A_DAY = timedelta(days=1)


def _months(day: date, until: date) -> list[Period]:
    """The calendar months, or what is left of the first one, from a day until before another."""
    months = []
    while day < until:
        month = period_of(day, MONTH)
        months.append(month)
        day = month.last + _A_DAY
    return months
