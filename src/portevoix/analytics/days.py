"""Figures of a few days, of everyone and by network, for those who analyse them elsewhere."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from portevoix.analytics import queries, rollups
from portevoix.analytics.models import Dimension
from portevoix.analytics.period import Period
from portevoix.analytics.queries import Totals
from portevoix.analytics.rollups import Counts
from portevoix.analytics.visitors import NOBODY, Visitors
from portevoix.links.packing import packed, unpacked
from portevoix.sharing.models import Share

NOTHING = Totals(0, 0, NOBODY, 0)


@dataclass(frozen=True)
class Seen:
    """What a few days brought. `people` are behind each network's figures: they shared, or their links were visited."""

    days: Period
    everyone: Totals
    networks: dict[str, Totals]
    people: dict[str, set[int]]


def figures_of(days: Period) -> Seen:
    """What these days brought. Robots are programs, previews of messengers included."""
    people: dict[str, set[int]] = defaultdict(set)
    shared: Counter[str] = Counter()
    for network, person in queries.shares_in(days).order_by().values_list("channel", "person_id"):
        people[network].add(person)
        shared[network] += 1
    links = [key for (key, _), count in rollups.counts(Dimension.LINK, days).items() if count.people]
    for network, person in Share.objects.filter(link__in=links).values_list("channel", "person_id"):
        people[network].add(person)
    seen = rollups.by_key(rollups.counts(Dimension.NETWORK, days))
    visitors = rollups.visitors(Dimension.NETWORK, days)
    keys = shared.keys() | {unpacked(key) for key in seen}
    networks = {
        key: _totals(shared[key], seen.get(packed(key), Counts()), visitors.get((packed(key), 0), NOBODY))
        for key in keys
    }
    everyone = rollups.visitors_together(Dimension.ALL, days)
    return Seen(
        days, _totals(shared.total(), rollups.total(Dimension.ALL, days), everyone), networks, dict(people)
    )


def _totals(shares: int, seen: Counts, visitors: Visitors) -> Totals:
    return Totals(shares, seen.people, visitors, seen.robots + seen.previews)


def together(seen: Seen, networks: Collection[str]) -> Totals:
    """Several networks as one: each visitor once."""
    here = [one for one in networks if one in seen.networks]
    if len(here) < 2:
        return seen.networks[here[0]] if here else NOTHING
    visitors = rollups.visitors_together(Dimension.NETWORK, seen.days, [packed(one) for one in here])
    total = added(seen.networks[one] for one in here)
    return Totals(total.shares, total.clicks, visitors, total.robots)


def added(parts: Iterable[Totals]) -> Totals:
    """Figures of days that are apart, added up; their visitors from at least to at most."""
    known = list(parts)
    return Totals(
        sum(one.shares for one in known),
        sum(one.clicks for one in known),
        Visitors(tuple(life for one in known for life in one.visitors.lives)),
        sum(one.robots for one in known),
    )
