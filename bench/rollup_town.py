"""A town for the benches of figures: ten organisations, 50,000 people, 4,000 stories, 200,000 shares, and their clicks.

Needs a database that is migrated and empty. The first organisation has four tenths of everything. A few links are far
more popular than the others (Zipf, 1.05); clicks come within days of the share; visitors come from circles that overlap.
Chance has a seed: the same town every time.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from portevoix.library.models import Story, StoryState
from portevoix.links.batches import CLICK, REASON_NUMBERS, Clicks, Kind
from portevoix.links.codes import new_code
from portevoix.links.models import Link
from portevoix.links.packing import packed
from portevoix.people.models import Account, Organisation, Participation, Person, Team
from portevoix.sharing.models import Share

ORGANISATIONS = 10
FIRST_PART = 0.4
PEOPLE, STORIES, LINKS = 50_000, 4_000, 200_000
TEAMS = 40  # of each organisation
DAYS = 730
BEGINNING = datetime(2024, 11, 25, tzinfo=UTC)
END = BEGINNING + timedelta(days=DAYS)
NETWORKS = ("linkedin", "facebook", "x", "whatsapp", "instagr", "mastodon", "bluesky", "telegram")
ROBOTS = 0.18
DAY_MS = 86_400_000
_CHUNK = 10_000
_AT_ONCE = 1_000_000  # clicks made at once: one link alone may have ten million
Numbers = Any


class Town:
    """The rows are in the database; what is kept here is what clicks are made of."""

    def __init__(self, *, people: int = PEOPLE, stories: int = STORIES, links: int = LINKS) -> None:
        self.chance = np.random.default_rng(7)
        self._make_organisations()
        owners = self._shared_out(people)
        persons = self._make_people(owners)
        story_owners = self._shared_out(stories)
        story_ids, starts = self._make_stories(story_owners)
        self._make_links(links, owners, persons, story_owners, story_ids, starts)

    def clicks(self, count: int) -> Iterator[Clicks]:
        """So many clicks over two years, in the order of time, a day or so at a time."""
        of_link = self.chance.multinomial(count, self.weights)
        order = np.argsort(self.started_ms, kind="stable")
        first = int(BEGINNING.timestamp() * 1000)
        starts = np.searchsorted(self.started_ms[order], first + DAY_MS * np.arange(DAYS + 1))
        waiting: dict[int, list[Clicks]] = defaultdict(list)
        for day in range(DAYS):
            begun = order[starts[day] : starts[day + 1]]
            links = np.repeat(begun, of_link[begun])
            for start in range(0, len(links), _AT_ONCE):
                fresh = self._clicks_on(links[start : start + _AT_ONCE])
                for later, some in _by_day(fresh, first):
                    waiting[later].append(some)
            if day in waiting:
                yield _in_order(waiting.pop(day))
        for day in sorted(waiting):
            yield _in_order(waiting.pop(day))

    def _clicks_on(self, links: Numbers) -> Clicks:
        chance, count = self.chance, len(links)
        clicks = np.zeros(count, CLICK)
        delay = np.minimum(chance.exponential(2.5 * DAY_MS, count), 30 * DAY_MS).astype(np.int64)
        clicks["at_ms"] = self.started_ms[links] + delay
        clicks["link"], clicks["organisation"] = self.link_ids[links], self.link_organisations[links]
        circle = (
            self.circles[links] + (self.sizes[links] * chance.random(count) ** 1.5).astype(np.int64)
        ) % 1_500_000
        month = clicks["at_ms"] // (30 * DAY_MS)
        clicks["visitor"] = _mixed(circle * 1_000 + month, clicks["organisation"])
        clicks["language"] = np.array([packed(word) for word in ("fr", "ar", "en", "es")])[
            chance.choice(4, count, p=(0.6, 0.2, 0.15, 0.05))
        ]
        clicks["device"] = chance.choice(4, count, p=(0.02, 0.68, 0.05, 0.25))
        robots = chance.random(count) < ROBOTS
        clicks["kind"][robots], clicks["reason"][robots] = Kind.ROBOT, REASON_NUMBERS["listed"]
        return clicks

    def _make_organisations(self) -> None:
        rows = [
            Organisation(
                name=f"Town {number}",
                website="https://town.example/",
                time_zone="Europe/Paris" if number % 2 == 0 else "Africa/Casablanca",
                created_at=BEGINNING,
            )
            for number in range(ORGANISATIONS)
        ]
        self.organisations = [row.pk for row in Organisation.objects.bulk_create(rows)]
        teams = [
            Team(organisation_id=one, name=f"Team {number}")
            for one in self.organisations
            for number in range(TEAMS)
        ]
        self.teams: dict[int, list[int]] = {one: [] for one in self.organisations}
        for team in Team.unscoped.bulk_create(teams):
            self.teams[team.organisation_id].append(team.pk)

    def _shared_out(self, count: int) -> Numbers:
        """Which organisation each of them belongs to, by its place in the list."""
        rest = (1 - FIRST_PART) / (ORGANISATIONS - 1)
        return self.chance.choice(ORGANISATIONS, count, p=[FIRST_PART] + [rest] * (ORGANISATIONS - 1))

    def _make_people(self, owners: Numbers) -> Numbers:
        accounts = Account.objects.bulk_create(
            (Account(email=f"p{number}@town.example") for number in range(len(owners))), batch_size=_CHUNK
        )
        rows = Person.unscoped.bulk_create(
            (
                Person(
                    organisation_id=self.organisations[owner],
                    account=account,
                    given_name=f"P{number}",
                    team_id=self.teams[self.organisations[owner]][number % TEAMS],
                    country=("FR", "MA", "BE")[number % 3],
                    participation=Participation.JOINED,
                    joined_at=BEGINNING,
                    created_at=BEGINNING,
                )
                for number, (owner, account) in enumerate(zip(owners.tolist(), accounts, strict=True))
            ),
            batch_size=_CHUNK,
        )
        return np.array([row.pk for row in rows])

    def _make_stories(self, owners: Numbers) -> tuple[Numbers, Numbers]:
        starts = np.sort(self.chance.integers(0, (DAYS - 14) * DAY_MS, len(owners)))
        rows = Story.unscoped.bulk_create(
            (
                Story(
                    organisation_id=self.organisations[owner],
                    title=f"Story {number}",
                    link="https://town.example/story",
                    state=StoryState.PUBLISHED,
                    published_at=BEGINNING + timedelta(milliseconds=start),
                    created_at=BEGINNING,
                    updated_at=BEGINNING,
                )
                for number, (owner, start) in enumerate(zip(owners.tolist(), starts.tolist(), strict=True))
            ),
            batch_size=_CHUNK,
        )
        return np.array([row.pk for row in rows]), starts

    def _make_links(
        self,
        count: int,
        owners: Numbers,
        persons: Numbers,
        story_owners: Numbers,
        story_ids: Numbers,
        starts: Numbers,
    ) -> None:
        chance = self.chance
        stories = chance.integers(0, len(story_ids), count)
        whose = story_owners[stories]
        by_owner = [np.flatnonzero(owners == owner) for owner in range(ORGANISATIONS)]
        sharers = np.array([chance.choice(by_owner[owner]) for owner in whose.tolist()])
        started = starts[stories] + chance.integers(0, 10 * DAY_MS, count)
        organisations = np.array(self.organisations)[whose]
        codes = random.Random(6)
        rows = Link.unscoped.bulk_create(
            (
                Link(
                    organisation_id=organisation,
                    code=new_code(codes.choice),
                    destination="https://town.example/story",
                    fallback="https://town.example/",
                    created_at=BEGINNING,
                )
                for organisation in organisations.tolist()
            ),
            batch_size=_CHUNK,
        )
        self.link_ids = np.array([row.pk for row in rows])
        self.link_organisations = organisations
        self.started_ms = started + int(BEGINNING.timestamp() * 1000)
        self._make_shares(rows, persons[sharers], sharers, story_ids[stories], started)
        ranks = chance.permutation(count) + 1
        self.weights = 1 / ranks**1.05
        self.weights /= self.weights.sum()
        self.circles = (sharers * 211) % 1_500_000
        self.sizes = np.minimum(chance.lognormal(7, 1, len(owners)), 200_000).astype(np.int64)[sharers]

    def _make_shares(
        self, links: list[Link], persons: Numbers, sharers: Numbers, stories: Numbers, started: Numbers
    ) -> None:
        columns = zip(
            links,
            persons.tolist(),
            sharers.tolist(),
            stories.tolist(),
            started.tolist(),
            strict=True,
        )
        Share.unscoped.bulk_create(
            (
                Share(
                    organisation_id=link.organisation_id,
                    person_id=person,
                    story_id=story,
                    link=link,
                    channel=NETWORKS[number % 3 if number % 4 else number % 8],
                    language="fr",
                    text="",
                    shared_at=BEGINNING + timedelta(milliseconds=start),
                    team_id=self.teams[link.organisation_id][sharer % TEAMS],
                    country=("FR", "MA", "BE")[sharer % 3],
                    zone="Europe/Paris" if sharer % 3 else "Africa/Casablanca",
                )
                for number, (link, person, sharer, story, start) in enumerate(columns)
            ),
            batch_size=_CHUNK,
        )


def _by_day(clicks: Clicks, first_ms: int) -> Iterator[tuple[int, Clicks]]:
    """The clicks of each day, by how many days after the first moment it begins."""
    days = (clicks["at_ms"] - first_ms) // DAY_MS
    order = np.argsort(days, kind="stable")
    numbers, starts = np.unique(days[order], return_index=True)
    yield from zip(numbers.tolist(), np.split(clicks[order], starts[1:]), strict=True)


def _in_order(parts: list[Clicks]) -> Clicks:
    clicks = np.concatenate(parts)
    return clicks[np.argsort(clicks["at_ms"], kind="stable")]


def _mixed(numbers: Numbers, organisations: Numbers) -> Numbers:
    """Sixty-four bits that look like chance, the same for the same numbers (the finaliser of SplitMix64)."""
    mixed = (numbers.astype(np.uint64) << np.uint64(8)) ^ organisations.astype(np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))
