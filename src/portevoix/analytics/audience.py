"""Whom people's shares reached: who was reached by whom, once, and what that does not say. Pure.

A `Crowd` is everyone that a group of ambassadors reached: a team, or those who shared on one network. Crowds are made of
groups of five and more, the smaller ones together (`rules.merge_few`), and whatever is said here is
made of such crowds: so no figure, nor any sum or difference of figures, tells more than what five people or more brought
together.

What is said of two crowds comes from sketches and has an interval; when it holds nothing at all, it is said so. Crowds
are compared within one life of the visitors' secret alone: over several, nobody knows who came back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Any, Final

from portevoix.analytics.intervals import Interval, total, whole
from portevoix.analytics.period import Period
from portevoix.analytics.rules import SMALLEST_GROUP
from portevoix.analytics.sketches import EMPTY, estimate, union
from portevoix.analytics.timing import Advice
from portevoix.analytics.visitors import NOBODY, Visitors

# Two standard errors of what one sketch adds to another, for 4,096 registers; held the truth in 96 % of trials and more.
_ADDED_ERROR: Final = 2.5 / 64
FEWEST_STORIES: Final = 5  # that both the company and its people shared, before they are compared
_Z: Final = NormalDist().inv_cdf(0.975)
# Visits are skewed, stories few: as it comes, the interval held the true ratio in 92 % of trials, a little wider in 95 %.
_WIDER: Final = 1.15


@dataclass(frozen=True)
class Crowd:
    """Everyone a group reached. `name` empty: several small groups together. `sketches`: by life of the secret."""

    key: Any
    name: str
    visits: int = 0
    sketches: Mapping[int, bytes] = field(default_factory=dict)

    @property
    def visitors(self) -> Visitors:
        return Visitors(tuple(estimate(self.sketches[life]) for life in sorted(self.sketches)))


@dataclass(frozen=True)
class Reach:
    """How many people a crowd reached, and how many of them no other crowd did; None where that cannot be known."""

    crowd: Crowd
    visitors: Visitors
    alone: Interval | None

    @property
    def is_told_from_none(self) -> bool:
        """Whether some of them were surely reached by nobody else."""
        return self.alone is not None and not self.alone.holds(0)


def reaches(crowds: Sequence[Crowd]) -> list[Reach]:
    """What each of the crowds reached, and reached alone: everybody, less everybody without it."""
    if not are_told_apart(crowds):
        return [Reach(one, one.visitors, None) for one in crowds]
    known = [_only(one) for one in crowds]
    return [Reach(one, one.visitors, _alone(index, known)) for index, one in enumerate(crowds)]


def are_told_apart(crowds: Iterable[Crowd]) -> bool:
    """Whether all the crowds' visitors were seen within one life of the secret."""
    return len({life for one in crowds for life in one.sketches}) <= 1


def _only(crowd: Crowd) -> bytes:
    return next(iter(crowd.sketches.values()), EMPTY)


def _alone(index: int, known: list[bytes]) -> Interval:
    return whole(added(union(known[:index] + known[index + 1 :]), known[index]))


def added(before: bytes, more: bytes) -> Interval:
    """How many people of one sketch are not in another: everybody, less those there were before.

    The two estimates come from nearly the same registers, so their errors cancel: what is left of them grows with the
    root of n² - m² (m before, n after), as if a sketch of m went on counting. Solved for the true number.
    """
    most = estimate(more)
    # United with itself, a sketch is estimated as unions are: else two ways of estimating would be compared.
    there, then = estimate(union([before, before])), estimate(union([before, before, more]))
    if then.is_exact:
        return total([then], [there])
    found, square = then.estimate - there.estimate, _ADDED_ERROR**2
    middle = found + square * there.estimate
    half = sqrt(max(middle**2 - (1 - square) * found**2, 0))
    low, high = ((middle + side * half) / (1 - square) for side in (-1, 1))
    return _between(Interval(min(low, found), found, max(high, found)), most)


@dataclass(frozen=True)
class Overlap:
    """How many people two crowds both reached."""

    first: Crowd
    second: Crowd
    both: Interval

    @property
    def is_told_from_none(self) -> bool:
        return not self.both.holds(0)


def overlaps(crowds: Sequence[Crowd]) -> list[Overlap]:
    """Every two of the crowds that reached somebody, most in common first.

    None where visitors are not told apart over the whole time.
    """
    if not are_told_apart(crowds):
        return []
    reached = [one for one in crowds if one.sketches]
    found = [Overlap(one, two, _both(_only(one), _only(two))) for one, two in combinations(reached, 2)]
    return sorted(found, key=lambda one: -one.both.estimate)


def _both(one: bytes, two: bytes) -> Interval:
    """The smaller one's visitors, less those that it adds to the larger one's."""
    small, large = sorted((one, two), key=lambda sketch: estimate(sketch).estimate)
    most = estimate(small)
    return whole(_between(total([most], [added(large, small)]), most))


def _between(interval: Interval, most: Interval) -> Interval:
    """Nobody at least, and no more than there are."""
    low = min(max(interval.low, 0), most.estimate)
    middle = min(max(interval.estimate, 0), most.estimate)
    return Interval(low, middle, min(max(interval.high, 0), most.high))


# --- people against the company's own page -------------------------------------------------------------------------
@dataclass(frozen=True)
class Matched:
    """A story on a network that both people and the company shared there, and the unique visitors each brought."""

    story: int
    sharers: frozenset[int]
    shares: int
    visitors: float
    company_posts: int
    company_visitors: float


@dataclass(frozen=True)
class Comparison:
    """Unique visitors of a share by people, beside those of a post of the company's page, like for like.

    `ratio`: how many times as many; None while there is too little to compare, with how many stories there are so far.
    """

    stories: int
    shares: int
    posts: int
    ratio: Interval | None = None

    @property
    def missing_stories(self) -> int:
        return max(FEWEST_STORIES - self.stories, 0)


def compared(rows: Iterable[Matched]) -> Comparison:
    """People against the company's own page, on the stories and networks that both shared.

    For each, what the company's posts would have brought had they brought what people's shares did, over what they did
    bring. Stories are the unit: the interval comes from leaving each out in turn (jackknife, on the scale of logarithms,
    Student's distribution). Nothing is said before five stories and five people.
    """
    known = [row for row in rows if row.shares and row.company_posts]
    by_story: dict[int, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for row in known:
        ours, theirs = by_story[row.story]
        due = row.company_posts * row.visitors / row.shares
        by_story[row.story] = (ours + due, theirs + row.company_visitors)
    sharers = frozenset[int]().union(*(row.sharers for row in known))
    facts = (len(by_story), sum(row.shares for row in known), sum(row.company_posts for row in known))
    if len(sharers) < SMALLEST_GROUP or len(by_story) < FEWEST_STORIES:
        return Comparison(*facts)
    return Comparison(*facts, _ratio(list(by_story.values())))


def _ratio(pairs: Sequence[tuple[float, float]]) -> Interval | None:
    sides = list(zip(*pairs, strict=True))
    if any(sum(side) <= max(side) for side in sides):  # one story made it all: nothing is left without it
        return None
    ours, theirs = (sum(side) for side in sides)
    middle, count = log(ours / theirs), len(pairs)
    without = [log((ours - one) / (theirs - other)) for one, other in pairs]
    mean = sum(without) / count
    error = sqrt(sum((each - mean) ** 2 for each in without) * (count - 1) / count)
    return Interval(*(exp(middle + side * _WIDER * _student(count - 1) * error) for side in (-1, 0, 1)))


def _student(freedom: int) -> float:
    """Student's 97.5 % point, by its expansion around the normal one (Abramowitz and Stegun, 26.7.5)."""
    z = _Z
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


# --- the page ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Part:
    """Some of the visits: those in one language, by one device, on shares from one country. `key` empty: the others."""

    key: str
    visits: int
    visitors: Visitors = NOBODY


@dataclass(frozen=True)
class Uncounted:
    """Clicks that are in no figure, and the code of the reason (`links.robots`)."""

    reason: str
    clicks: int


@dataclass(frozen=True)
class AudienceFigures:
    """Who came in a month. `is_hidden`: too few people take part for any figure to be shown.

    `untold` are days of it that no figure holds (`monthly`). `hours`: visits by day of the week, Monday first, and hour
    of the day, by the clocks of those who shared.
    """

    period: Period
    is_hidden: bool = False
    untold: Sequence[date] = ()
    visits: int = 0
    everybody: Visitors = NOBODY
    networks: Sequence[Reach] = ()
    teams: Sequence[Reach] = ()
    overlaps: Sequence[Overlap] = ()
    hours: Sequence[Sequence[int]] = ()
    languages: Sequence[Part] = ()
    countries: Sequence[Part] = ()
    devices: Sequence[Part] = ()
    repeats: int = 0
    previews: Sequence[Uncounted] = ()
    robots: Sequence[Uncounted] = ()
    advice: Sequence[Advice] = ()
    comparison: Comparison | None = None
