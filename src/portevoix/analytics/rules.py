"""Judgement about figures, pure: which groups are large enough to be shown, and how weeks are cut."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

SMALLEST_GROUP = 5
ACTIVE_WITHIN = timedelta(days=28)
RESULTS_WINDOW = timedelta(days=90)
EXPORT_LIFE = timedelta(days=7)


class Evidence(StrEnum):
    """How a figure is known, from the weakest to the strongest."""

    ESTIMATED = "estimated"
    DECLARED = "declared"
    MEASURED = "measured"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Group:
    """A team's figures. `people` is how many take part in it; `name` empty: several small teams together."""

    name: str
    people: int
    shares: int = 0
    clicks: int = 0
    visitors: int = 0


def merge_small(groups: Iterable[Group], smallest: int = SMALLEST_GROUP) -> list[Group]:
    """The groups of at least `smallest` people, largest first; the small ones together, under no name.

    When the small ones together are still too few, the smallest large group joins them: otherwise the total less what is
    shown would give them away. When nobody is left to join, nothing is shown.
    """
    known = list(groups)
    large = sorted((g for g in known if g.people >= smallest), key=lambda g: (-g.people, g.name))
    small = [g for g in known if g.people < smallest and (g.people or g.shares or g.clicks)]
    while small and sum(g.people for g in small) < smallest and large:
        small.append(large.pop())
    if not small:
        return large
    together = _together(small)
    return [*large, together] if together.people >= smallest else []


def _together(groups: Sequence[Group]) -> Group:
    return replace(
        Group("", 0),
        people=sum(g.people for g in groups),
        shares=sum(g.shares for g in groups),
        clicks=sum(g.clicks for g in groups),
        visitors=sum(g.visitors for g in groups),
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
