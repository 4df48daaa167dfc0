"""The days of a month that may be told by themselves, so that the month less its weeks is about five people again.

Weeks are told on the overview (`telling`). A week that lies in two months is cut only once it is over, and only when
nobody, or five people or more, stand behind each of its two parts; else neither month holds it.
"""

from collections.abc import Callable, Iterator, Set
from datetime import date, datetime, timedelta

from portevoix.analytics import spans
from portevoix.analytics.models import Dimension, Span, Tally
from portevoix.analytics.period import Period, today_in
from portevoix.analytics.queries import shares_in
from portevoix.analytics.rules import SMALLEST_GROUP, weeks_between
from portevoix.analytics.telling import is_few

_A_DAY = timedelta(days=1)
_SUNDAY = timedelta(days=6)


def told_days(month: Period, *, now: datetime) -> tuple[Period, ...]:
    """The days of a calendar month, until today, that may be told: as few periods as there can be."""
    return days_told(month, today_in(month.zone, now), _behind)


def days_told(month: Period, today: date, behind: Callable[[Period], Set[int]]) -> tuple[Period, ...]:
    """The same, given who stands behind the figures of some days. Pure."""
    told: list[Period] = []
    for here, elsewhere in _weeks(month, today):
        is_over = here.until < today and all(part.until < today for part in elsewhere)
        if (elsewhere and not is_over) or any(is_few(behind(part)) for part in (here, *elsewhere)):
            continue
        since = told.pop().since if told and told[-1].until == here.since - _A_DAY else here.since
        told.append(Period(since, here.until, month.zone))
    return tuple(told)


def _weeks(month: Period, today: date) -> Iterator[tuple[Period, list[Period]]]:
    """What of each week lies in the month, until today; and what of it lies in another one."""
    first = month.since.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    for monday in weeks_between(first, min(after - _A_DAY, today)):
        sunday = monday + _SUNDAY
        elsewhere = []
        if monday < first:
            elsewhere.append(Period(monday, first - _A_DAY, month.zone))
        if sunday >= after:
            elsewhere.append(Period(after, sunday, month.zone))
        yield Period(max(monday, first), min(sunday, after - _A_DAY, today), month.zone), elsewhere


def _behind(days: Period) -> set[int]:
    """Who stands behind the figures of these days; those whose links were visited only where it can matter."""
    people = set(shares_in(days).order_by().values_list("person_id", flat=True).distinct())
    if len(people) < SMALLEST_GROUP:
        numbers = [spans.day_number(day) for day in days.days]
        rows = Tally.objects.filter(span=Span.DAY, dimension=Dimension.PERSON, at__in=numbers, people__gt=0)
        people.update(rows.values_list("key", flat=True).distinct())
    return people
