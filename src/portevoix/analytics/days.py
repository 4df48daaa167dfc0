"""Figures of a few days, of everyone and by network, for those who analyse them elsewhere."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from portevoix.analytics import queries
from portevoix.analytics.period import Period
from portevoix.analytics.queries import Totals
from portevoix.links.models import Click, ClickKind
from portevoix.sharing.states import STANDING

NOTHING = Totals(0, 0, 0, 0)
PROGRAMS = (ClickKind.ROBOT, ClickKind.PREVIEW)


@dataclass(frozen=True)
class Seen:
    """What a few days brought. `people` are behind each network's figures: they shared, or their links were visited."""

    everyone: Totals
    networks: dict[str, Totals]
    people: dict[str, set[int]]


def figures_of(days: Period) -> Seen:
    """What these days brought, in five queries. Robots are programs, previews of messengers included."""
    shares, human = queries.shares_in(days).order_by(), queries.human_clicks(days).order_by()
    people: dict[str, set[int]] = defaultdict(set)
    shared: Counter[str] = Counter()
    for network, person in shares.values_list("channel", "person_id"):
        people[network].add(person)
        shared[network] += 1
    for network, person in human.values_list("link__share__channel", "link__share__person_id").distinct():
        people[network].add(person)
    visits, robots = _visits(days), _robots(days)
    networks = {
        key: Totals(shared[key], *visits.get(key, (0, 0)), robots.get(key, 0))
        for key in people.keys() | robots.keys()
    }
    total = sum_of(networks.values())
    visitors = human.aggregate(visitors=queries.VISITORS)[
        "visitors"
    ]  # by two networks, and still one visitor
    return Seen(Totals(total.shares, total.clicks, visitors, total.robots), networks, dict(people))


def sum_of(parts: Iterable[Totals]) -> Totals:
    """Several totals as one; a visitor of two of them counts twice."""
    known = list(parts)
    return Totals(
        sum(part.shares for part in known),
        sum(part.clicks for part in known),
        sum(part.visitors for part in known),
        sum(part.robots for part in known),
    )


def _visits(days: Period) -> dict[str, tuple[int, int]]:
    rows = queries.human_clicks(days).order_by().values_list("link__share__channel")
    counted = rows.annotate(clicks=Count("pk"), visitors=queries.VISITORS)
    return {network: (clicks, visitors) for network, clicks, visitors in counted}


def _robots(days: Period) -> dict[str, int]:
    seen = Click.objects.filter(at__gte=days.start, at__lt=days.end, kind__in=PROGRAMS)
    standing = seen.filter(link__share__state__in=STANDING).order_by()
    return dict(standing.values_list("link__share__channel").annotate(count=Count("pk")))
