"""From judged clicks to what they add to each roll-up. Arrays in, rows out; no database.

Every click is counted under all the dimensions of its link's place and of its own. Numbers of each dimension are made
small first (which of the links, days, networks of this portion), so that counting is a sum over small tables, whatever
the number of clicks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from portevoix.analytics.models import Dimension, Span
from portevoix.analytics.places import Place
from portevoix.analytics.spans import DAY_MS, HOUR_MS, local_ms
from portevoix.links.batches import Clicks, Kind

Numbers = NDArray[Any]
# Hours are kept of what a person may want to watch as it happens; the rest is read by days.
HOURLY: Final = frozenset(
    {
        Dimension.ALL,
        Dimension.LINK,
        Dimension.STORY,
        Dimension.TEAM,
        Dimension.NETWORK,
        Dimension.COUNTRY,
        Dimension.LANGUAGE,
        Dimension.DEVICE,
        Dimension.COMPANY,
    }
)
# Of these, nobody asks for visitors: clicks alone are told.
UNSKETCHED: Final = frozenset(
    {
        Dimension.STORY_NETWORK,
        Dimension.STORY_TEAM,
        Dimension.HOUR,
        Dimension.NETWORK_HOUR,
        Dimension.REASON,
    }
)


class Heading(NamedTuple):
    """Which roll-ups: their organisation, span and dimension."""

    organisation: int
    span: Span
    dimension: Dimension


@dataclass(frozen=True)
class Portion:
    """What a portion of clicks adds under one heading.

    `places` holds `at`, `key`, `sub` of each row, `counts` its people, repeats, previews and robots. `visitors` are those
    of all rows, row after row; `ends` says where each row's end. Both are empty where visitors are not told apart.
    """

    heading: Heading
    places: Numbers  # (rows, 3)
    counts: Numbers  # (rows, 4)
    visitors: Numbers
    ends: Numbers


class Column(NamedTuple):
    """A number of each click, as its place among the distinct ones: `distinct[where]` are the numbers."""

    distinct: Numbers
    where: Numbers


def portions(
    organisation: int, clicks: Clicks, places: Sequence[Place], where: Numbers, zone: str
) -> Iterator[Portion]:
    """What an organisation's clicks add to its roll-ups. `places[where]` is the place of each; `zone` the days' own."""
    shown = local_ms(clicks["at_ms"], zone)
    ats = {Span.DAY: _column(shown // DAY_MS), Span.HOUR: _column(shown // HOUR_MS)}
    company = np.array([place.is_company for place in places], bool)[where]
    for chosen, dimensions in (
        (~company, _of_people(clicks, places, where)),
        (company, _of_company(places, where)),
    ):
        if not chosen.any():
            continue
        for dimension, (key, sub) in dimensions.items():
            for span in (Span.DAY, Span.HOUR) if dimension in HOURLY else (Span.DAY,):
                heading = Heading(organisation, span, dimension)
                yield _portion(heading, clicks, chosen, ats[span], key, sub)


def _of_people(
    clicks: Clicks, places: Sequence[Place], where: Numbers
) -> dict[Dimension, tuple[Column, Column]]:
    nothing = _constant(len(clicks))
    link = _column(clicks["link"])
    person, story, team, network, country = (
        _placed([getattr(place, name) for place in places], where)
        for name in ("person", "story", "team", "network", "country")
    )
    hours = _hours(clicks["at_ms"], [place.zone for place in places], where)
    return {
        Dimension.ALL: (nothing, nothing),
        Dimension.LINK: (link, nothing),
        Dimension.PERSON: (person, nothing),
        Dimension.STORY: (story, nothing),
        Dimension.STORY_NETWORK: (story, network),
        Dimension.STORY_TEAM: (story, team),
        Dimension.TEAM: (team, nothing),
        Dimension.NETWORK: (network, nothing),
        Dimension.COUNTRY: (country, nothing),
        Dimension.LANGUAGE: (_column(clicks["language"]), nothing),
        Dimension.DEVICE: (_column(clicks["device"]), nothing),
        Dimension.HOUR: (_column(hours % 24), _column(hours // 24)),
        Dimension.NETWORK_HOUR: (network, _column(hours)),
        Dimension.REASON: (_column(clicks["reason"]), nothing),
    }


def _of_company(places: Sequence[Place], where: Numbers) -> dict[Dimension, tuple[Column, Column]]:
    nothing = _constant(len(where))
    network, story = (_placed([getattr(one, name) for one in places], where) for name in ("network", "story"))
    return {Dimension.COMPANY: (network, nothing), Dimension.STORY_COMPANY: (story, network)}


def _portion(
    heading: Heading, clicks: Clicks, chosen: Numbers, at: Column, key: Column, sub: Column
) -> Portion:
    widths = (len(at.distinct), len(key.distinct), len(sub.distinct))
    code = (at.where * widths[1] + key.where) * widths[2] + sub.where
    codes, where = np.unique(code[chosen], return_inverse=True)
    kinds = clicks["kind"][chosen]
    counts = np.bincount(where * len(Kind) + kinds, minlength=len(codes) * len(Kind)).reshape(-1, len(Kind))
    rest, subs = np.divmod(codes, widths[2])
    whens, keys = np.divmod(rest, widths[1])
    rows = np.column_stack((at.distinct[whens], key.distinct[keys], sub.distinct[subs]))
    if heading.span == Span.HOUR or heading.dimension in UNSKETCHED:
        return Portion(heading, rows, counts, np.empty(0, np.uint64), np.zeros(len(rows), np.int64))
    visitors = clicks["visitor"][chosen]
    seen = (kinds == Kind.PERSON) & (visitors != 0)
    return Portion(heading, rows, counts, *_by_row(visitors[seen], where[seen], len(rows)))


def _by_row(visitors: Numbers, where: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """The visitors row after row, and where each row's end."""
    order = np.argsort(where, kind="stable")
    return visitors[order], np.cumsum(np.bincount(where, minlength=count))


def _column(numbers: Numbers) -> Column:
    distinct, where = np.unique(numbers.astype(np.int64), return_inverse=True)
    return Column(distinct, where)


def _placed(numbers: Sequence[int], where: Numbers) -> Column:
    """The column of a number that each place has."""
    distinct, of_place = np.unique(np.array(numbers, np.int64), return_inverse=True)
    return Column(distinct, of_place[where])


def _constant(count: int) -> Column:
    return Column(np.zeros(1, np.int64), np.zeros(count, np.int64))


def _hours(moments: Numbers, zones: Sequence[str], where: Numbers) -> Numbers:
    """The hour of the week that each click's person read on their clock, 0 to 167 from Monday."""
    hours = np.empty(len(moments), np.int64)
    names, of_place = np.unique(np.array(zones, object), return_inverse=True)
    of_click = of_place[where]
    for number, zone in enumerate(names):
        chosen = of_click == number
        hours[chosen] = local_ms(moments[chosen], zone or "UTC") // HOUR_MS
    return (hours + 3 * 24) % 168  # 1 January 1970 was a Thursday
