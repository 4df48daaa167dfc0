"""What networks report of people's posts, added up for groups: each figure as a range, never as one number.

Networks count how often a post was shown, not to whom. The same reader may have seen several posts, so the people behind
them are at least those of the most seen post alone, and at most all of them added up: both ends are shown, and nothing
between. Only posts that a network published and measures itself are in it, of five people at least.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from portevoix.analytics.period import Period, today_in
from portevoix.analytics.rules import SMALLEST_GROUP
from portevoix.analytics.telling import FOUR, four_of, fours_of
from portevoix.core.errors import NotFound
from portevoix.library.models import Story
from portevoix.people.models import Person
from portevoix.people.roles import Ability
from portevoix.sharing.channels import all_channels
from portevoix.sharing.models import Post
from portevoix.sharing.states import PostState, ShareState

IMPRESSIONS, REACTIONS = "impressions", "reactions"
# What networks call them: the first name that a post carries is taken, so that nothing is counted twice.
_NAMES = {IMPRESSIONS: ("impressions", "views"), REACTIONS: ("likes",)}


@dataclass(frozen=True)
class Range:
    """One figure of several posts: from the `highest` single post to all `post_count` of them added up."""

    key: str
    highest: int
    total: int
    post_count: int
    networks: tuple[str, ...]  # by name, in the order in which people meet them


@dataclass(frozen=True)
class _Told:
    person_id: int
    network: str
    figures: Mapping[str, Any]
    part: Any  # of what is asked for: each is told as a whole, or not at all


def reported(person: Person, period: Period, *, now: datetime) -> list[Range]:
    """What networks report of posts, for those who may see figures, in the fours over that a period touches.

    Fours in which fewer than five people's posts carry a figure are left out of it (`telling`).
    """
    fours = fours_of(period.since, period.until, today_in(period.zone, now))
    days = Period(fours[0], fours[-1] + FOUR - timedelta(days=1), period.zone)
    posts = _posts().filter(published_at__gte=days.start, published_at__lt=days.end)
    return _ranges(person, posts, lambda moment: four_of(days.day_of(moment)))


def reported_of_story(person: Person, story: Story) -> list[Range]:
    """The same of one story, since it was published."""
    return _ranges(person, _posts().filter(share__story=story), lambda _moment: None)


def _posts() -> "QuerySet[Post]":
    """Posts that are online by a network's own word, and that it told figures of."""
    rows: QuerySet[Post] = Post.objects.filter(state=PostState.PUBLISHED, by_word=False)
    return rows.filter(share__state=ShareState.CONFIRMED, share__is_company=False, figures_at__isnull=False)


def _ranges(person: Person, posts: "QuerySet[Post]", part_of: Callable[[datetime], Any]) -> list[Range]:
    if not person.may(Ability.SEE_FIGURES):
        raise NotFound("figures")
    rows = posts.values_list("share__person_id", "account__network", "figures", "published_at")
    told = [
        _Told(person_id, network, figures, part_of(moment))
        for person_id, network, figures, moment in rows
        if moment is not None
    ]
    found = (_range(key, told) for key in _NAMES)
    return [one for one in found if one is not None]


def _range(key: str, told: Iterable[_Told]) -> Range | None:
    """The range of one figure, of the parts in which five people's posts or more carry it; None when there is none."""
    counted = [(one, count) for one in told if (count := _figure(one.figures, _NAMES[key])) is not None]
    people: dict[Any, set[int]] = defaultdict(set)
    for one, _count in counted:
        people[one.part].add(one.person_id)
    counted = [(one, count) for one, count in counted if len(people[one.part]) >= SMALLEST_GROUP]
    if not counted:
        return None
    counts = [count for _one, count in counted]
    there = {one.network for one, _count in counted}
    return Range(key, max(counts), sum(counts), len(counts), _named(there))


def _figure(figures: Mapping[str, Any], names: Iterable[str]) -> int | None:
    return next((int(figures[name]) for name in names if name in figures), None)


def _named(networks: set[str]) -> tuple[str, ...]:
    return tuple(str(channel.label) for channel in all_channels() if channel.key in networks)
