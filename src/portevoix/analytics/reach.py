"""Reads of who came in a month: `audience.AudienceFigures`, from the roll-ups and the shares."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Count, Q

from portevoix.analytics import queries, rollups, sketches
from portevoix.analytics.audience import (
    AudienceFigures,
    Comparison,
    Crowd,
    Matched,
    Part,
    Uncounted,
    compared,
    overlaps,
    reaches,
)
from portevoix.analytics.models import Dimension
from portevoix.analytics.monthly import told_days
from portevoix.analytics.period import Period, last
from portevoix.analytics.rollups import Cell, Counts, Days
from portevoix.analytics.rules import OTHERS, SMALLEST_GROUP, Slice, merge_few
from portevoix.analytics.timing import Advice, Outcome, advise
from portevoix.core import clock
from portevoix.core.errors import NotFound
from portevoix.links.batches import reason_of
from portevoix.links.packing import packed, unpacked
from portevoix.links.segments import Device
from portevoix.people.models import Participation, Person
from portevoix.people.roles import Ability
from portevoix.sharing.models import Share, Shares
from portevoix.sharing.states import STANDING

LOOKS_BACK: Final = timedelta(weeks=26)  # of advice and comparison: a month holds too little for them
SETTLED: Final = timedelta(days=7)  # a share has brought nearly all it will by then
MOST_OUTCOMES: Final = 6_000  # the newest shares; more would make the page wait
MOST_STORIES: Final = 30
FEWEST_VISITS: Final = 5


def audience_figures(person: Person, month: Period, *, now: datetime) -> AudienceFigures:
    """Who came in a month, for those who may see figures: groups of five or more, never people."""
    if not person.may(Ability.SEE_FIGURES):
        raise NotFound("visitors")
    joined = Person.objects.filter(participation=Participation.JOINED, is_active=True)
    if joined.count() < SMALLEST_GROUP:
        return AudienceFigures(month, is_hidden=True)
    period = told_days(month, now=now)
    shares = _standing(period).of_people()
    teams = _teams(shares, period)
    counted = rollups.total(Dimension.ALL, period)
    before = last(LOOKS_BACK, now=now, zone=month.zone)
    return AudienceFigures(
        period=month,
        untold=tuple(sorted(set(month.days) - {day for one in period for day in one.days})),
        visits=counted.people,
        everybody=rollups.visitors_together(Dimension.ALL, period),
        networks=reaches(_networks(shares, period)),
        teams=reaches(teams),
        overlaps=overlaps(teams),
        hours=_hours(period),
        languages=_languages(period),
        countries=_countries(shares, period),
        devices=_devices(period),
        repeats=counted.repeats,
        previews=_uncounted(period, lambda count: count.previews),
        robots=_uncounted(period, lambda count: count.robots),
        advice=advice(before, now=now),
        comparison=comparison(before),
    )


# --- crowds --------------------------------------------------------------------------------------------------------
def _networks(shares: Shares, period: Days) -> list[Crowd]:
    """By network, merged as the overview merges them: else one page less the other would tell of the few."""
    slices = queries.by_network(shares, period)
    names = {packed(key): index for index, one in enumerate(slices) for key in one.keys}
    found = rollups.sketches_by(Dimension.NETWORK, period, lambda cell: names.get(cell[0]))
    return [_crowd(one.key, one.name, one.clicks, found.get(index, {})) for index, one in enumerate(slices)]


def _teams(shares: Shares, period: Days) -> list[Crowd]:
    """By team, merged as the overview merges them."""
    groups = queries.by_team(shares, period)
    names = {team: index for index, group in enumerate(groups) for team in group.keys}
    found = rollups.sketches_by(Dimension.TEAM, period, lambda cell: names.get(cell[0]))
    return [_crowd(index, one.name, one.clicks, found.get(index, {})) for index, one in enumerate(groups)]


def _crowd(key: Any, name: str, visits: int, lives: dict[int, list[bytes]]) -> Crowd:
    return Crowd(key, name, visits, {life: sketches.union(blobs) for life, blobs in lives.items()})


# --- parts of the visits -------------------------------------------------------------------------------------------
def _hours(period: Days) -> list[list[int]]:
    counted = rollups.counts(Dimension.HOUR, period)
    return [[counted.get((hour, day), Counts()).people for hour in range(24)] for day in range(7)]


def _languages(period: Days) -> list[Part]:
    """By language of the browser, whatever its country; those of fewer than five visits together."""

    def language_of(cell: Cell) -> str:
        return unpacked(cell[0]).lower().replace("_", "-").partition("-")[0]

    visits = _visits(Dimension.LANGUAGE, period, language_of)
    rare = {key for key, count in visits.items() if not key or count < FEWEST_VISITS}
    return _parts(Dimension.LANGUAGE, period, lambda cell: "" if (key := language_of(cell)) in rare else key)


def _devices(period: Days) -> list[Part]:
    return _parts(Dimension.DEVICE, period, lambda cell: Device(cell[0]).name.lower())


def _countries(shares: Shares, period: Days) -> list[Part]:
    """By country of those who shared; countries of fewer than five of them are merged."""
    visits = _visits(Dimension.COUNTRY, period, lambda cell: unpacked(cell[0]))
    sharers: dict[str, set[int]] = defaultdict(set)
    for country, person in shares.order_by().values_list("country", "person_id").distinct():
        sharers[country].add(person)
    keys = visits.keys() | sharers.keys()
    slices = merge_few((Slice(key, key, clicks=visits.get(key, 0), keys=(key,)) for key in keys), sharers)
    shown = {key: "" if one.key == OTHERS else one.key for one in slices for key in one.keys}
    return _parts(Dimension.COUNTRY, period, lambda cell: shown.get(unpacked(cell[0])))


def _visits(dimension: Dimension, period: Days, group: Callable[[Cell], Any]) -> dict[Any, int]:
    visits: dict[Any, int] = defaultdict(int)
    for cell, count in rollups.counts(dimension, period).items():
        if (name := group(cell)) is not None and count.people:
            visits[name] += count.people
    return dict(visits)


def _parts(dimension: Dimension, period: Days, group: Callable[[Cell], Any]) -> list[Part]:
    """Most visits first, the others last."""
    visits = _visits(dimension, period, group)
    visitors = rollups.visitors(dimension, period, group=group)
    parts = [Part(key, count, visitors[key]) for key, count in visits.items() if key in visitors]
    return sorted(parts, key=lambda one: (not one.key, -one.visits, one.key))


def _uncounted(period: Days, of: Callable[[Counts], int]) -> list[Uncounted]:
    reasons = rollups.by_key(rollups.counts(Dimension.REASON, period))
    found = (Uncounted(reason_of(key), of(count)) for key, count in reasons.items() if of(count))
    return sorted(found, key=lambda one: (-one.clicks, one.reason))


# --- longer looks back ---------------------------------------------------------------------------------------------
def advice(period: Period, *, now: datetime) -> list[Advice]:
    """When to post, by network, from the newest shares of the period that have had a week to bring visits."""
    shares = _standing(period).of_people().filter(shared_at__lt=now - SETTLED).order_by("-shared_at")
    facts = shares.values_list("link_id", "channel", "person_id", "story_id", "shared_at", "zone")
    rows = list(facts[:MOST_OUTCOMES])
    visits = _visits_of_links([row[0] for row in rows], period)
    return advise(_outcome(row, visits.get(row[0], 0), period.zone) for row in rows)


def _visits_of_links(links: list[int], period: Period) -> dict[int, int]:
    counted = rollups.by_key(rollups.counts(Dimension.LINK, period, links))
    return {link: count.people for link, count in counted.items()}


def _outcome(row: tuple[Any, ...], visits: int, zone: str) -> Outcome:
    _link, network, person, story, shared_at, own_zone = row
    there = shared_at.astimezone(clock.zone(own_zone or zone))
    return Outcome(network, person, story, there.weekday(), there.hour, visits)


def comparison(period: Period) -> Comparison:
    """People's shares beside the posts of the company's page, on the newest stories that both shared, by network."""
    shared = _standing(period).order_by()
    posted = shared.of_company().values_list("story_id", "channel").annotate(count=Count("pk"))
    posts = {(story, packed(network)): count for story, network, count in posted}
    stories = sorted({story for story, _network in posts})[-MOST_STORIES:]
    company = rollups.visitors(Dimension.STORY_COMPANY, period, stories)
    by_people = _people_on(shared.of_people().filter(story_id__in=stories), period)
    return compared(
        Matched(
            story=place[0],
            sharers=frozenset(person for person, _visitors in by_people[place]),
            shares=len(by_people[place]),
            visitors=sum(visitors for _person, visitors in by_people[place]),
            company_posts=posts[place],
            company_visitors=company[place].high if place in company else 0,
        )
        for place in posts
        if place in by_people
    )


def _people_on(shares: Shares, period: Period) -> dict[Cell, list[tuple[int, int]]]:
    """Who shared each story on each network, and the unique visitors of each share."""
    rows = list(shares.values_list("story_id", "channel", "person_id", "link_id"))
    reached = rollups.visitors(Dimension.LINK, period, [link for *_place, link in rows])
    places: dict[Cell, list[tuple[int, int]]] = defaultdict(list)
    for story, network, person, link in rows:
        visitors = reached[link, 0].high if (link, 0) in reached else 0
        places[story, packed(network)].append((person, visitors))
    return dict(places)


def _standing(period: Days) -> Shares:
    within = (Q(shared_at__gte=one.start, shared_at__lt=one.end) for one in rollups.runs_of(period))
    shares: Shares = Share.objects.filter(reduce(or_, within, Q(pk__in=())), state__in=STANDING)
    return shares
