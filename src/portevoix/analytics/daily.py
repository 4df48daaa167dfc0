"""Day by day: what is told of each day, or of a week or more where days are too thin (`telling`).

By network, a four is told at one grain, the finest at which something may be named: by days, by weeks, or as a whole.
Its networks are those that the overview names in these four weeks, or fewer: the page and the file do not differ.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portevoix.analytics import told
from portevoix.analytics.days import Seen, added, figures_of, together
from portevoix.analytics.period import Period
from portevoix.analytics.queries import Totals
from portevoix.analytics.rules import OTHERS, monday_of, named_each_day
from portevoix.analytics.telling import FOUR, Piece, days_of, four_of, is_few, within
from portevoix.analytics.told import Told

ALL = "all"
Unit = tuple[date, ...]  # days that are told as one


@dataclass(frozen=True)
class Line:
    """The figures of some days: of `ALL`, of a network, or of the `OTHERS` together."""

    unit: Unit
    network: str
    totals: Totals


def count(seen: Told) -> int:
    """How many fours the period touches."""
    return (four_of(seen.period.until) - four_of(seen.period.since)) // FOUR + 1


def lines(seen: Told) -> Iterator[list[Line]]:
    """What may be told of the period, four weeks at a time."""
    networks = {four.first: four.slices for four in seen.cut(told.networks())}
    first = four_of(seen.period.since)
    while first <= seen.period.until:
        cells = {key: str(one.key) for one in networks.get(first, ()) for key in one.keys}
        four = _Four(seen, [piece for piece in seen.pieces if four_of(piece[0]) == first], cells)
        yield sorted([*four.everyone(), *four.apart()], key=lambda line: line.unit[0])
        first += FOUR


class _Four:
    """Four weeks: the pieces that are told, and the cell that each network stands in, none before the four is over."""

    def __init__(self, seen: Told, pieces: Sequence[Piece], cells: Mapping[str, str]) -> None:
        self.today, self.period, self.pieces, self.cells = seen.today, seen.period, pieces, cells
        self._known: dict[Period, Seen] = {}

    def everyone(self) -> Iterator[Line]:
        """Each piece by days where nobody or five people or more stand behind each of them; else as one."""
        for piece in within(self.pieces, self.period.since, self.period.until):
            week = self._days(piece)
            for unit in self._units_of_days(piece) or [week]:
                yield Line(unit, ALL, added(seen.everyone for seen in self._seen(unit)))

    def apart(self) -> Iterator[Line]:
        """By network, at the grain of these four weeks: they decide, however few of their days are asked for."""
        units, named = self._grain()
        for unit in units:
            if named and all(self.period.since <= day <= self.period.until for day in unit):
                seen = self._seen(unit)
                for cell in sorted(named):  # a cell that may be named is one network
                    yield Line(unit, cell, added(together(one, {cell}) for one in seen))
                if others := self.cells.keys() - named:
                    yield Line(unit, OTHERS, added(together(one, others) for one in seen))

    def _grain(self) -> tuple[list[Unit], frozenset[str]]:
        """The finest units whose networks may be told apart, and which of them may be named."""
        if not self.cells:
            return [], frozenset()
        weeks = [self._days(piece) for piece in self.pieces]
        days: list[Unit] = [(day,) for week in weeks for day in week]
        for units in (days, weeks):
            if named := named_each_day([self._people(unit) for unit in units]):
                return units, named
        whole = tuple(sorted(day for week in weeks for day in week))
        return [whole], frozenset(self.cells.values()) - {OTHERS}

    def _units_of_days(self, piece: Piece) -> list[Unit]:
        """The days of a week that is over, when each of them may be told."""
        days: list[Unit] = [(day,) for day in self._days(piece)]
        if len(piece) > 1 or monday_of(self.today) == piece[0]:
            return []
        behind = [set[int]().union(*self._people(day).values()) for day in days]
        return [] if any(map(is_few, behind)) else days

    def _people(self, unit: Unit) -> dict[str, set[int]]:
        """Who stands behind each cell in these days."""
        people: dict[str, set[int]] = defaultdict(set)
        for seen in self._seen(unit):
            for network, behind in seen.people.items():
                people[self.cells.get(network, OTHERS)] |= behind
        return dict(people)

    def _seen(self, unit: Unit) -> list[Seen]:
        """What was seen on these days, a stretch of them at a time."""
        runs: list[Period] = []
        for day in unit:
            since = runs.pop().since if runs and runs[-1].until == day - timedelta(days=1) else day
            runs.append(Period(since, day, self.period.zone))
        return [self._known.get(run) or self._known.setdefault(run, figures_of(run)) for run in runs]

    def _days(self, piece: Piece) -> Unit:
        return tuple(day for day in days_of(piece) if day <= self.today)
