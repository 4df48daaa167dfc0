"""Reads of what visits led to: conversions of shares that stand, by kind, with the values that were told.

What browsers declare is never added to what servers tell without saying so. Below five people who shared, nothing is
shown: what a link led to would be about somebody.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum

from portevoix.analytics.period import Period
from portevoix.analytics.rules import SMALLEST_GROUP, Evidence
from portevoix.core.errors import NotFound
from portevoix.library.models import Story
from portevoix.links.models import Conversion, Source
from portevoix.links.queries import link_setting
from portevoix.people.models import Person
from portevoix.people.roles import Ability
from portevoix.sharing.models import Share
from portevoix.sharing.states import STANDING


@dataclass(frozen=True)
class Money:
    """An amount in the smallest unit of a currency."""

    currency: str
    amount: int


@dataclass(frozen=True)
class Kind:
    """One kind of conversion: how many, of which browsers declared so many, and their values, one sum a currency."""

    name: str
    count: int
    declared_count: int
    values: list[Money]

    @property
    def evidence(self) -> Evidence:
        """The weakest evidence in it."""
        return Evidence.DECLARED if self.declared_count else Evidence.MEASURED


@dataclass(frozen=True)
class Conversions:
    """What visits led to, the most frequent kind first; last touch, within so many days after the visit."""

    window_days: int
    kinds: list[Kind]

    @property
    def count(self) -> int:
        return sum(kind.count for kind in self.kinds)

    @property
    def evidence(self) -> Evidence:
        """The weakest evidence in them."""
        is_declared = any(kind.declared_count for kind in self.kinds)
        return Evidence.DECLARED if is_declared else Evidence.MEASURED


def conversions_of_programme(person: Person, period: Period) -> Conversions | None:
    """What visits on everybody's links led to in the period; None when there is nothing, or it would be about few."""
    return _shown(person, Share.objects.of_people().filter(state__in=STANDING), period)


def conversions_of_story(person: Person, story: Story, period: Period) -> Conversions | None:
    """What visits on one story's links led to in the period; None when there is nothing, or it would be about few."""
    return _shown(person, Share.objects.of_people().filter(state__in=STANDING, story=story), period)


def my_conversions(person: Person, period: Period) -> Conversions | None:
    """What visits on the person's own links led to in the period, for them alone; None when there is nothing."""
    return _counted(person, Share.objects.of_people().filter(state__in=STANDING, person=person), period)


def _shown(person: Person, shares: "QuerySet[Share]", period: Period) -> Conversions | None:
    if not person.may(Ability.SEE_FIGURES):
        raise NotFound("conversions")
    before = shares.filter(shared_at__lt=period.end)
    people = before.order_by().values("person_id").distinct().count()
    return _counted(person, before, period) if people >= SMALLEST_GROUP else None


def _counted(person: Person, shares: "QuerySet[Share]", period: Period) -> Conversions | None:
    rows = Conversion.objects.filter(
        link__share__in=shares.order_by(), at__gte=period.start, at__lt=period.end
    )
    counted = (
        rows.order_by().values("kind", "source", "currency").annotate(count=Count("pk"), total=Sum("value"))
    )
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in counted:
        by_kind[row["kind"]].append(row)
    kinds = [_kind(name, parts) for name, parts in by_kind.items()]
    if not kinds:
        return None
    window_days = link_setting(person.organisation_id).window_days
    return Conversions(window_days, sorted(kinds, key=lambda kind: (-kind.count, kind.name)))


def _kind(name: str, parts: list[dict[str, Any]]) -> Kind:
    sums: dict[str, int] = defaultdict(int)
    for part in parts:
        if part["currency"]:
            sums[part["currency"]] += part["total"] or 0
    return Kind(
        name=name,
        count=sum(part["count"] for part in parts),
        declared_count=sum(part["count"] for part in parts if part["source"] == Source.BROWSER),
        values=[Money(currency, sums[currency]) for currency in sorted(sums)],
    )
