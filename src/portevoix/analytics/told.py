"""Reads of what may be told of everybody's shares in a period (`telling`): in all, by network, by pillar and by team."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from django.db.models import F, QuerySet, Sum, Value
from django.utils import translation

from portevoix.analytics import rollups, sketches, spans
from portevoix.analytics.models import Dimension, Span, Tally
from portevoix.analytics.period import Period, today_in, whole_weeks
from portevoix.analytics.queries import NO_PILLAR, Totals, shares_in
from portevoix.analytics.rules import SMALLEST_GROUP, Slice, monday_of, weeks_between
from portevoix.analytics.telling import (
    FOUR,
    Piece,
    added,
    apart,
    days_of,
    four_of,
    fours_of,
    pieces,
    within,
)
from portevoix.analytics.visitors import NOBODY, Visitors
from portevoix.editorial.models import Pillar
from portevoix.library.models import Story
from portevoix.links.packing import packed
from portevoix.people.models import Team
from portevoix.sharing.channels import all_channels

NO_TEAM: Final = 0
_MONDAY: Final = 4  # the number of the first Monday of 1970
_WEEK: Final = itemgetter(0)
_WEEKS_AT_ONCE: Final = 100  # in one statement; SQLite puts five hundred together


class _Shares(NamedTuple):
    """Everybody's shares of a week, by columns: what stands in the same place of each is the same share's."""

    people: tuple[int, ...] = ()
    networks: tuple[str, ...] = ()
    stories: tuple[int, ...] = ()
    teams: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class Cut:
    """A way of telling groups apart: which keys shares and a cell of a roll-up belong to, and the keys' names."""

    dimension: Dimension
    keys_of: Callable[[_Shares], Iterable[Any]]
    key_of_cell: Callable[[int], Any]  # None: of no group
    names: Mapping[Any, str]


@dataclass(frozen=True)
class Four:
    """Four weeks that are over, those of them that are told, and their figures by group."""

    first: date
    weeks: tuple[date, ...]
    slices: list[Slice]


@dataclass(frozen=True)
class Told:
    """What may be told of a `period` of whole weeks. `pieces` are those of all its fours, the period's and around it."""

    period: Period
    today: date
    shares: Mapping[date, _Shares]
    pieces: list[Piece]

    @cached_property
    def weeks(self) -> frozenset[date]:
        """The weeks of the period that its totals hold, by their Mondays."""
        told = within(self.pieces, self.period.since, self.period.until)
        return frozenset(monday for piece in told for monday in piece)

    @cached_property
    def untold(self) -> frozenset[date]:
        """The weeks of the period that are not told by themselves."""
        alone = {piece[0] for piece in self.pieces if len(piece) == 1}
        return frozenset(weeks_between(self.period.since, self.period.until)) - alone

    @cached_property
    def fours(self) -> list[date]:
        """The fours that groups are told apart in."""
        return fours_of(self.period.since, self.period.until, self.today)

    @property
    def days_apart(self) -> Period:
        """The days that groups are told apart in."""
        return Period(self.fours[0], self.fours[-1] + FOUR - timedelta(days=1), self.period.zone)

    @property
    def next_on(self) -> date:
        """The day from which the next four is told."""
        return four_of(self.today) + FOUR

    @cached_property
    def clicks(self) -> dict[date, int]:
        """Human clicks of each week that the totals hold."""
        clicks: dict[date, int] = defaultdict(int)
        for day, count in rollups.by_day(Dimension.ALL, self.period).items():
            if (monday := monday_of(day)) in self.weeks:
                clicks[monday] += count.people
        return dict(clicks)

    def by_week(self) -> list[Slice]:
        """Human clicks by week, empty weeks included; none of weeks that are not told by themselves."""
        return [
            Slice(week, week.isoformat(), clicks=0 if week in self.untold else self.clicks.get(week, 0))
            for week in weeks_between(self.period.since, self.period.until)
        ]

    def totals(self) -> Totals:
        """Everybody's figures in the period's weeks, less those that are not told."""
        shares = sum(len(self.shares[week].people) for week in self.weeks)
        return Totals(shares, sum(self.clicks.values()), self.visitors_of(self.weeks))

    def visitors_of(self, weeks: Collection[date]) -> Visitors:
        """Everybody's unique visitors in some weeks; of weeks that are apart, from at least to at most."""
        seen = [rollups.visitors_together(Dimension.ALL, run) for run in self.runs(weeks)]
        return Visitors(tuple(life for visitors in seen for life in visitors.lives))

    def runs(self, weeks: Collection[date]) -> list[Period]:
        """Some weeks as periods, as few as there can be, until today."""
        found: list[Period] = []
        for monday in sorted(weeks):
            since, until = monday, min(monday + timedelta(days=6), self.today)
            if found and found[-1].until == monday - timedelta(days=1):
                since = found.pop().since
            found.append(Period(since, until, self.period.zone))
        return found

    def cut(self, cut: Cut) -> list[Four]:
        """The figures by group of each four that is over."""
        clicks = _clicks(cut, self.days_apart)
        return [Four(four, weeks, self._apart(cut, weeks, clicks)) for four, weeks in self._told_fours()]

    def _told_fours(self) -> Iterator[tuple[date, tuple[date, ...]]]:
        for four in self.fours:
            weeks = (monday for piece in self.pieces for monday in piece if four_of(monday) == four)
            yield four, tuple(sorted(weeks))

    def _apart(
        self, cut: Cut, weeks: Collection[date], clicks: Mapping[tuple[date, Any], int]
    ) -> list[Slice]:
        known = [self.shares[week] for week in weeks]
        shared = chain.from_iterable(zip(cut.keys_of(one), one.people, strict=True) for one in known)
        return apart(weeks, shared, clicks, cut.names)

    def groups(self, cut: Cut) -> list[Slice]:
        """The figures of all the fours by group, unique visitors left out."""
        return added(four.slices for four in self.cut(cut))

    def groups_and_visitors(self, cut: Cut) -> list[Slice]:
        """The same with unique visitors: within a four each once, over several from at least to at most."""
        fours = self.cut(cut)
        visitors = self._visitors_by(cut, fours)
        return [
            replace(one, visitors=visitors.get(one.key, NOBODY))
            for one in added(four.slices for four in fours)
        ]

    def _visitors_by(self, cut: Cut, fours: Sequence[Four]) -> dict[Any, Visitors]:
        groups = {
            week: {key: one.key for one in four.slices for key in one.keys}
            for four in fours
            for week in four.weeks
        }
        lives: dict[Any, dict[tuple[date, int], list[bytes]]] = defaultdict(lambda: defaultdict(list))
        for day, cell, life, sketch in rollups.daily_sketches(cut.dimension, self.days_apart):
            group = groups.get(monday_of(day), {}).get(cut.key_of_cell(cell[0]))
            if group is not None:
                lives[group][four_of(day), life].append(sketch)
        return {group: _visitors(list(known.values())) for group, known in lives.items()}


def _visitors(lives: Sequence[Sequence[bytes]]) -> Visitors:
    return Visitors(tuple(sketches.estimate(sketches.union(blobs)) for blobs in lives))


def told_in(period: Period, *, now: datetime) -> Told:
    """What may be told of the weeks that hold these days."""
    today = today_in(period.zone, now)
    period = whole_weeks(period, today=today)
    first = min(four_of(period.since), fours_of(period.since, period.until, today)[0])
    window = Period(first, min(four_of(period.until) + FOUR - timedelta(days=1), today), period.zone)
    shares = _shares(window)
    weeks = {monday: set(one.people) for monday, one in shares.items()}
    # Whoever was visited stands behind a week too; that is asked only where it can matter.
    for monday, person in _visited(
        [monday for monday, people in weeks.items() if len(people) < SMALLEST_GROUP]
    ):
        weeks[monday].add(person)
    return Told(period, today, shares, pieces(weeks, today))


def _shares(window: Period) -> dict[date, _Shares]:
    """Everybody's shares by week of the window, on the organisation's clock."""
    found = {monday: _Shares() for monday in weeks_between(window.since, window.until)}
    mondays = list(found)
    for start in range(0, len(mondays), _WEEKS_AT_ONCE):
        numbered = enumerate(mondays[start : start + _WEEKS_AT_ONCE], start)
        by_week = [_of_week(number, monday, window) for number, monday in numbered]
        rows = sorted(by_week[0].union(*by_week[1:], all=True), key=_WEEK)
        for week, some in groupby(rows, _WEEK):
            _weeks, *columns = zip(*some, strict=True)
            found[mondays[week]] = _Shares(*columns)
    return found


def _of_week(number: int, monday: date, window: Period) -> "QuerySet[Any, tuple[Any, ...]]":
    """The week's number and the columns of its shares."""
    days = Period(monday, min(monday + timedelta(days=6), window.until), window.zone)
    columns = (Value(number), "person_id", "channel", "story_id", "team_id")
    rows: QuerySet[Any, tuple[Any, ...]] = shares_in(days).order_by().values_list(*columns)
    return rows


def _visited(mondays: Collection[date]) -> Iterator[tuple[date, int]]:
    """Whose links were visited in each of these weeks."""
    days = [spans.day_number(day) for day in days_of(mondays)]
    rows = Tally.objects.filter(span=Span.DAY, dimension=Dimension.PERSON, at__in=days, people__gt=0)
    for at, person in rows.values_list("at", "key"):
        yield monday_of(spans.day_of(at)), person


def _clicks(cut: Cut, days: Period) -> dict[tuple[date, Any], int]:
    """Human clicks by week and group."""
    clicks: dict[tuple[date, Any], int] = defaultdict(int)
    since, until = spans.day_number(days.since), spans.day_number(days.until)
    rows = Tally.objects.filter(span=Span.DAY, dimension=cut.dimension, at__gte=since, at__lte=until)
    by_week = rows.order_by().annotate(week=(F("at") - _MONDAY) / 7).values_list("week", "key")
    for week, cell, count in by_week.annotate(Sum("people")):
        if (key := cut.key_of_cell(cell)) is not None:
            clicks[spans.day_of(week * 7 + _MONDAY), key] += count
    return clicks


# --- ways of telling groups apart ----------------------------------------------------------------------------------
def networks() -> Cut:
    """By network."""
    names = {channel.key: str(channel.label) for channel in all_channels()}
    keys = {packed(name): name for name in names}
    return Cut(Dimension.NETWORK, lambda shares: shares.networks, keys.get, names)


def pillars() -> Cut:
    """By pillar, named in the reader's language; stories without a pillar under no name."""
    language = translation.get_language() or "fr"
    names = {pillar.pk: pillar.name_in(language) for pillar in Pillar.objects.all()}
    of_story = {story: pillar or NO_PILLAR for story, pillar in Story.objects.values_list("pk", "pillar_id")}
    return Cut(
        Dimension.STORY,
        lambda shares: (of_story.get(story, NO_PILLAR) for story in shares.stories),
        of_story.get,
        names,
    )


def teams() -> Cut:
    """By the team that people were in when they shared; those without one under no name."""
    names = dict(Team.objects.values_list("pk", "name"))
    return Cut(
        Dimension.TEAM,
        lambda shares: (team or NO_TEAM for team in shares.teams),
        lambda cell: cell,
        names,
    )
