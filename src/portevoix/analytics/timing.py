"""When to post: the window of the week in which people's shares bring more visits, where the data carry it. Pure.

The unit is a share and the visits it brought, whenever these came; its hour is that of the share, on the clock of the
person. Visits follow posting hours, because people post while they are awake: so visits by hour would say nothing.

**Method.** Each person is compared with themselves, on one network: what their shares brought inside a window against
what they brought outside it, put together over people as Mantel and Haenszel do for rates (so a much-followed early
riser proves nothing about mornings). The error comes from dealing each person's results out among their own shares at
random (the permutation variance, right for however uneven results), or from how much stories disagree, whichever is
larger: a story that did well and was mostly shared at one hour is one observation, not thirty.

A window is suggested when three things hold: five people and eight stories speak for it; its 95 % interval is wholly at
least a tenth above the same people's other hours; and it would still stand out when all windows tried are allowed for.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from math import ceil, exp, inf, log, sqrt
from statistics import NormalDist
from typing import Final, NamedTuple, TypeVar

from portevoix.analytics.intervals import Interval
from portevoix.analytics.rules import SMALLEST_GROUP

Key = TypeVar("Key")
WORTH_IT: Final = 1.1
NOTABLE: Final = 1.5  # what the data must be able to show before "no window stands out" may be said
FEWEST_STORIES: Final = 8
_PRIOR_SHARES: Final = 3
_TURNS: Final = 3
_NEARLY_ALL: Final = 0.8
_CONFIDENCE: Final = 0.95
_Z: Final = NormalDist().inv_cdf(0.5 + _CONFIDENCE / 2)
_POWER: Final = NormalDist().inv_cdf(0.8)
_STARTS: Final = (7, 10, 13, 16, 19, 22)  # hours; the last window is the night


@dataclass(frozen=True)
class Window:
    """Hours of the day, from `start` until before `end` (22 to 7: the night), on working days or at the weekend."""

    is_weekend: bool
    start: int
    end: int


@dataclass(frozen=True)
class Outcome:
    """A share that stands: whose and of what, when on the person's own clock (Monday is 0), and the visits it brought."""

    network: str
    person: int
    story: int
    weekday: int
    hour: int
    visits: int

    @cached_property
    def window(self) -> Window:
        """The window the share was made in. The small hours belong to the night of their own day."""
        start = max((s for s in _STARTS if s <= self.hour), default=_STARTS[-1])
        end = _STARTS[(_STARTS.index(start) + 1) % len(_STARTS)]
        return Window(self.weekday >= 5, start, end)


WINDOWS: Final = tuple(
    Window(is_weekend, start, end)
    for is_weekend in (False, True)
    for start, end in zip(_STARTS, (*_STARTS[1:], _STARTS[0]), strict=True)
)


class Verdict(StrEnum):
    """What may be said about the hours of a network."""

    BETTER = "better"
    NONE_BETTER = "none_better"
    NOT_ENOUGH = "not_enough"


@dataclass(frozen=True)
class Advice:
    """What may be said about one network.

    `window` and `ratio` (visits a share in the window, against the same people's other hours) with BETTER alone;
    `missing_shares`, about how many more it takes at the present habits, with NOT_ENOUGH alone: zero when nothing can be
    compared yet, or when all is known and still says neither yes nor no.
    """

    network: str
    shares: int
    people: int
    verdict: Verdict
    window: Window | None = None
    ratio: Interval | None = None
    missing_shares: int = 0


class _Facts(NamedTuple):
    network: str
    shares: int
    people: int


@dataclass(frozen=True)
class _Contrast:
    """A window against the other hours: the logarithm of the ratio, its standard error, and who speaks for it."""

    window: Window
    log_ratio: float
    error: float
    people: int
    stories: int

    @property
    def is_carried(self) -> bool:
        return self.people >= SMALLEST_GROUP and self.stories >= FEWEST_STORIES

    @property
    def missing_factor(self) -> float:
        """How many times more shares until five people and eight stories speak for it."""
        return max(SMALLEST_GROUP / self.people, FEWEST_STORIES / max(self.stories, 1))

    @property
    def ratio(self) -> Interval:
        return Interval(*(exp(self.log_ratio + side * _Z * self.error) for side in (-1, 0, 1)))


def advise(outcomes: Iterable[Outcome]) -> list[Advice]:
    """What may be said about each network, most shared first. Networks that fewer than five people used are left out."""
    by_network: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        by_network[one.network].append(one)
    shown = [rows for rows in by_network.values() if len({one.person for one in rows}) >= SMALLEST_GROUP]
    contrasts = {rows[0].network: _contrasts(rows) for rows in shown}
    tried = sum(contrast.is_carried for known in contrasts.values() for contrast in known)
    advice = [_advice(rows, contrasts[rows[0].network], tried) for rows in shown]
    return sorted(advice, key=lambda one: (-one.shares, one.network))


def needed_error(tried: int) -> float:
    """The standard error of a log ratio at which a window half as good again is found four times in five, of `tried`."""
    return min(log(NOTABLE / WORTH_IT) / (_Z + _POWER), log(NOTABLE) / (_bar(tried) + _POWER))


def _bar(tried: int) -> float:
    """How many standard errors above nothing the best of so many windows must be (Bonferroni, both sides)."""
    return NormalDist().inv_cdf(1 - (1 - _CONFIDENCE) / 2 / max(tried, 1))


def _advice(rows: Sequence[Outcome], contrasts: Sequence[_Contrast], tried: int) -> Advice:
    facts = _Facts(rows[0].network, len(rows), len({one.person for one in rows}))
    carried = [one for one in contrasts if one.is_carried]
    best = max(carried, key=lambda one: one.ratio.low, default=None)
    if best and best.ratio.low >= WORTH_IT and best.log_ratio >= _bar(tried) * best.error:
        return Advice(*facts, Verdict.BETTER, window=best.window, ratio=best.ratio)
    if _none_can_be_notable(rows, carried):
        return Advice(*facts, Verdict.NONE_BETTER)
    return Advice(*facts, Verdict.NOT_ENOUGH, missing_shares=_missing(rows, contrasts, needed_error(tried)))


def _none_can_be_notable(rows: Sequence[Outcome], carried: Sequence[_Contrast]) -> bool:
    """Whether nearly all shares are in windows that are known not to be half as good again."""
    used = Counter(one.window for one in rows)
    covered = sum(used[one.window] for one in carried)
    return covered >= _NEARLY_ALL * len(rows) and all(one.ratio.high < NOTABLE for one in carried)


def _missing(rows: Sequence[Outcome], contrasts: Sequence[_Contrast], needed: float) -> int:
    """About how many more shares until the windows that hold nearly all of them are known well enough.

    Errors shrink with the root of what is known. Zero while nothing can be compared: nobody has shared at two times yet.
    """
    used = Counter(one.window for one in rows)
    factors = {
        one.window: max((one.error / needed) ** 2, one.missing_factor)
        for one in contrasts
        if 0 < one.error < inf
    }
    known = 0
    for window in sorted(factors, key=lambda window: factors[window]):
        known += used[window]
        if known >= _NEARLY_ALL * len(rows):
            return ceil(len(rows) * max(factors[window] - 1, 0))
    return ceil(len(rows) * max(max(factors.values()) - 1, 0)) if factors else 0


def _contrasts(rows: Sequence[Outcome]) -> list[_Contrast]:
    """Every window that can be compared with others, for the shares of one network."""
    sums: dict[Window, _Sums] = defaultdict(_Sums)
    for own in _levelled(rows):
        _add_person(sums, own)
    return [_contrast(window, known) for window, known in sums.items() if known.inside and known.outside]


class _Levelled(NamedTuple):
    """A share whose visits are freed from how well its story did and how much its person is followed."""

    window: Window
    story: int
    visits: float


@dataclass
class _Sums:
    """What people brought in a window and out of it, each weighed by the other's number of shares."""

    inside: float = 0
    outside: float = 0
    variance: float = 0
    people: int = 0
    by_story: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    stories: set[int] = field(default_factory=set)


def _levelled(rows: Sequence[Outcome]) -> Iterator[list[_Levelled]]:
    """Each person's shares, made comparable.

    A person's weight falls with their mean as it does for results that vary by as much as they are large, so that one
    much-followed person does not speak for all.
    """
    people: dict[int, list[Outcome]] = defaultdict(list)
    for one in rows:
        people[one.person].append(one)
    weights = {person: len(own) / (len(own) + sum(o.visits for o in own)) for person, own in people.items()}
    stories = _story_factors(rows, weights)
    for person, own in people.items():
        weight = weights[person]
        yield [_Levelled(one.window, one.story, one.visits * weight / stories[one.story]) for one in own]


def _story_factors(rows: Sequence[Outcome], weights: Mapping[int, float]) -> dict[int, float]:
    """How many times its due each story brought, given who shared it and when; drawn towards one by a few shares.

    Stories and hours explain each other (a story that comes out in the morning is shared in the morning), so both are
    fitted by turns.
    """
    stories = dict.fromkeys((one.story for one in rows), 1.0)
    for _turn in range(_TURNS):
        windows = _factors(rows, weights, _window_of, [stories[one.story] for one in rows])
        stories = _factors(rows, weights, _story_of, [windows[one.window] for one in rows])
    return stories


def _factors(
    rows: Sequence[Outcome],
    weights: Mapping[int, float],
    key: Callable[[Outcome], Key],
    others: Sequence[float],
) -> dict[Key, float]:
    """What was brought over what was due by key, where `others` holds each share's factor of everything else."""
    prior = _PRIOR_SHARES * sum(1 - weight for weight in weights.values()) / len(weights)
    brought: dict[Key, float] = defaultdict(lambda: prior)
    due: dict[Key, float] = defaultdict(lambda: prior)
    for one, other in zip(rows, others, strict=True):
        weight = weights[one.person]
        brought[key(one)] += one.visits * weight
        due[key(one)] += (1 - weight) * other  # the person's mean, weighed
    return {name: brought[name] / due[name] if brought[name] else 1.0 for name in brought}


def _window_of(one: Outcome) -> Window:
    return one.window


def _story_of(one: Outcome) -> int:
    return one.story


def _add_person(sums: dict[Window, _Sums], own: Sequence[_Levelled]) -> None:
    """Adds a person's comparison of each window they shared in with their other hours."""
    count, visits = len(own), sum(one.visits for one in own)
    mean = visits / count
    spread = sum((one.visits - mean) ** 2 for one in own) / (count - 1) if count > 1 else 0
    for window, here in Counter(one.window for one in own).items():
        part = here / count
        if part == 1:
            return
        known = sums[window]
        mine = sum(one.visits for one in own if one.window == window)
        known.people += 1
        known.inside += mine * (1 - part)
        known.outside += (visits - mine) * part
        known.variance += here * (1 - part) * spread
        known.stories.update(one.story for one in own if one.window == window)
        for one in own:
            known.by_story[one.story] += ((one.window == window) - part) * (one.visits - mean)


def _contrast(window: Window, known: _Sums) -> _Contrast:
    variance = max(known.variance, _disagreement(known.by_story.values()))
    error = sqrt(variance) * 2 / (known.inside + known.outside)
    log_ratio = log(known.inside / known.outside)
    return _Contrast(window, log_ratio, error, known.people, len(known.stories))


def _disagreement(sums: Iterable[float]) -> float:
    """The variance of a total, from how much its parts, one a story, disagree."""
    parts = list(sums)
    count = len(parts)
    if count < 2:
        return inf
    mean = sum(parts) / count
    return sum((part - mean) ** 2 for part in parts) * count / (count - 1)
