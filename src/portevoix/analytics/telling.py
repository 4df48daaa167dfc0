"""What may be told of groups: no figure, nor any difference of two, is about fewer than five people. Pure.

Who reads figures can read them twice: with other dates, in a page and in a file, today and next week. What is told is
therefore made of pieces that are cut once for all, whatever is asked for. Behind each piece stands nobody, or five people
or more: they shared, or their links were visited. A difference of what is told is made of whole pieces again.

- **A week** is told by itself. Weeks that one to four people stand behind wait for the end of their *four*, and are told
  together if five stand behind them then; else they are not told.
- **A four** is four weeks in a row, the same ones for everybody. By network, pillar and team only fours that are over are
  told, each as a whole; in each of them what fewer than five people shared stands together (`rules.merge_few`).
- **A story** is told from five people on. Those that are not told are five people's together, or none's.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from portevoix.analytics.rules import OTHERS, SMALLEST_GROUP, Slice, merge_few

FOUR: Final = timedelta(weeks=4)
_FIRST: Final = date(1970, 1, 5)  # a Monday: fours are counted from it

Piece = tuple[date, ...]  # the Mondays of weeks that are told as one


def four_of(day: date) -> date:
    """The Monday on which the four weeks begin that hold this day."""
    return _FIRST + (day - _FIRST) // FOUR * FOUR


def is_over(four: date, today: date) -> bool:
    """Whether the last of the four weeks that begin on that Monday has ended."""
    return four + FOUR <= today


def fours_of(since: date, until: date, today: date) -> list[date]:
    """The fours over that a period touches, by their first Mondays: at least one, the last that is over."""
    first = four_of(min(since, today))
    first = first if is_over(first, today) else first - FOUR
    touched = (four_of(until) - first) // FOUR + 1
    fours = (first + FOUR * n for n in range(touched))
    return [four for four in fours if is_over(four, today)]


def is_few(people: Collection[int]) -> bool:
    """Whether a figure of these people would be about somebody."""
    return 0 < len(people) < SMALLEST_GROUP


def pieces(weeks: Mapping[date, AbstractSet[int]], today: date) -> list[Piece]:
    """Which weeks may be told, alone or together. `weeks`: who stands behind each week of whole fours, until today's."""
    fours: dict[date, list[date]] = defaultdict(list)
    for monday in sorted(weeks):
        fours[four_of(monday)].append(monday)
    told: list[Piece] = []
    for four, mondays in fours.items():
        told += [(monday,) for monday in mondays if not is_few(weeks[monday])]
        waiting = tuple(monday for monday in mondays if is_few(weeks[monday]))
        together = set[int]().union(*(weeks[monday] for monday in waiting))
        if waiting and is_over(four, today) and not is_few(together):
            told.append(waiting)
    return told


def within(told: Iterable[Piece], since: date, until: date) -> list[Piece]:
    """The pieces whose weeks all have their Monday in the period."""
    return [piece for piece in told if all(since <= monday <= until for monday in piece)]


def apart(
    weeks: Collection[date],
    shared: Iterable[tuple[Any, int]],
    clicks: Mapping[tuple[date, Any], int],
    names: Mapping[Any, str],
) -> list[Slice]:
    """The figures of some weeks, all told, by key: of those that five people or more shared, the others together.

    `shared` holds the key (a network, a pillar, the person's team) and the person of each share of these weeks.
    """
    pairs = Counter(shared)
    counts: dict[Any, int] = defaultdict(int)
    sharers: dict[Any, set[int]] = defaultdict(set)
    visits: dict[Any, int] = defaultdict(int)
    for (key, person), count in pairs.items():
        counts[key] += count
        sharers[key].add(person)
    for (week, key), count in clicks.items():
        if week in weeks and count:
            visits[key] += count
    keys = counts.keys() | visits.keys()
    return merge_few(
        (Slice(key, names.get(key, ""), counts[key], visits[key], keys=(key,)) for key in keys), sharers
    )


def added(parts: Iterable[Sequence[Slice]]) -> list[Slice]:
    """Several fours' slices as one list, most clicked first. A key that some of them name holds the figures of those."""
    found: dict[Any, Slice] = {}
    for slices in parts:
        for one in slices:
            known = found.get(one.key, replace(one, shares=0, clicks=0))
            found[one.key] = replace(
                known, shares=known.shares + one.shares, clicks=known.clicks + one.clicks
            )
    order = sorted(found.values(), key=lambda one: (-one.clicks, -one.shares, str(one.key)))
    return sorted(order, key=lambda one: one.key == OTHERS)


@dataclass(frozen=True)
class StoryFacts:
    """Who stands behind a story; `sharers` are those of them whose shares still stand, or how many there are.

    `people` of a story that five or more shared need not be known. `is_over`: it came out in a four that is over.
    """

    pillar: int
    sharers: int
    people: frozenset[int] = frozenset()
    is_over: bool = False


def hidden_stories(stories: Mapping[int, StoryFacts]) -> frozenset[int]:
    """The stories whose figures are not told: fewer than five people shared them, or they would give such stories away.

    The hidden stories of all, and of a pillar those that are over, are five people's together, or none's: else the story
    that the fewest people shared is hidden with them. (Of a pillar, nothing is told before the four is over.)
    """
    hidden = {key for key, one in stories.items() if one.sharers < SMALLEST_GROUP}
    groups: dict[Any, list[int]] = defaultdict(list)
    for key, one in stories.items():
        if one.is_over:
            groups[one.pillar].append(key)
    for group in (*groups.values(), list(stories)):
        shown = [key for key in group if key not in hidden]
        if shown and _are_few([stories[key] for key in group if key in hidden]):
            hidden.add(min(shown, key=lambda key: (stories[key].sharers, key)))
    return frozenset(hidden)


def _are_few(stories: Iterable[StoryFacts]) -> bool:
    """Whether one to four people stand behind these stories together."""
    known = list(stories)
    is_large = any(one.sharers >= SMALLEST_GROUP for one in known)
    return not is_large and is_few(set[int]().union(*(one.people for one in known)))


def days_of(mondays: Iterable[date]) -> list[date]:
    """The days of these weeks."""
    return [monday + timedelta(days=n) for monday in mondays for n in range(7)]
