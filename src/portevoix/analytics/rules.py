"""Judgement about figures, pure: which groups are large enough to be shown, and how weeks are cut."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from portevoix.analytics.visitors import NOBODY, Visitors

SMALLEST_GROUP = 5
ACTIVE_WITHIN = timedelta(days=28)
RESULTS_WINDOW = timedelta(days=90)
EXPORT_LIFE = timedelta(days=7)
FIGURES_KEPT = timedelta(days=25 * 365 / 12)


class Evidence(StrEnum):
    """How a figure is known, from the weakest to the strongest."""

    ESTIMATED = "estimated"
    DECLARED = "declared"
    MEASURED = "measured"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Slice:
    """One bar: a network, a pillar, a team, a week. `key` is a code, a number or a date, `keys` those of several.

    `name` is for people.
    """

    key: Any
    name: str
    shares: int = 0
    clicks: int = 0
    visitors: Visitors = NOBODY
    keys: tuple[Any, ...] = ()


OTHERS = "others"  # the key of several slices together


def merge_few(
    slices: Iterable[Slice], sharers: Mapping[Any, AbstractSet[int]], smallest: int = SMALLEST_GROUP
) -> list[Slice]:
    """The slices that at least `smallest` people shared, most clicked first; the others in one, under no name.

    People are counted once however many small slices they are in. When the small ones together are still too few, the
    large slice with the fewest people joins them; when none is left to join, nothing is shown.
    """
    known = list(slices)

    def people_of(parts: Iterable[Slice]) -> int:
        return len(set[int]().union(*(sharers.get(one.key, set()) for one in parts)))

    small = [one for one in known if people_of([one]) < smallest]
    large = sorted((one for one in known if one not in small), key=lambda one: -people_of([one]))
    while small and people_of(small) < smallest and large:
        small.append(large.pop())
    shown = sorted(large, key=lambda one: (-one.clicks, -one.shares, str(one.key)))
    if not small:
        return shown
    return [*shown, _others(small)] if people_of(small) >= smallest else []


def named_each_day(
    days: Sequence[Mapping[str, AbstractSet[int]]], smallest: int = SMALLEST_GROUP
) -> frozenset[str]:
    """Which networks may be named on each of these days; the others stand together, under no name. None: no day is split.

    A day holds the people behind each network's figures. What is named on one of the days is named on all of them, and
    has on each of them nobody or at least `smallest` people behind it; so have the others together, `OTHERS` among them.
    Days of which one names a network that another does not would betray it to whoever knows the network's total.
    """
    counts = Counter(key for day in days for key, people in day.items() for _person in people)

    def is_safe(keys: AbstractSet[str]) -> bool:
        sizes = [len(set[int]().union(*(day.get(key, set()) for key in keys))) for day in days]
        return all(size == 0 or size >= smallest for size in sizes)

    safe = (key for key in counts if key != OTHERS and is_safe({key}))
    named = sorted(safe, key=lambda key: (-counts[key], key))
    others = counts.keys() - set(named)
    while named and not is_safe(others):
        others.add(named.pop())
    return frozenset(named)


def _others(slices: Sequence[Slice]) -> Slice:
    return Slice(
        OTHERS,
        "",
        sum(one.shares for one in slices),
        sum(one.clicks for one in slices),
        keys=tuple(one.key for one in slices),
    )


def monday_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - timedelta(days=day.weekday())


def weeks_between(since: date, until: date) -> list[date]:
    """The Mondays of every week that touches the period, both ends included."""
    first, last = monday_of(since), monday_of(until)
    return [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]


def safe_cell(value: object) -> str:
    """A cell no spreadsheet will run: text that begins like a formula is quoted (OWASP, CSV injection)."""
    text = str(value)
    # Blanks before it change nothing for some spreadsheets, nor does the width of the sign.
    runs = text.lstrip()[:1] in _FORMULA_SIGNS or text[:1] in ("\t", "\r", "\n")
    return f"'{text}" if runs and not _is_number(text) else text


_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
