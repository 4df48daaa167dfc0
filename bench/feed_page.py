# ruff: noqa: E402  Django is set up before its models are imported
"""Fills the database that `DATABASE_URL` names and measures feed pages on it; `bench/feed.py` runs it once for each.

python bench/feed_page.py PEOPLE TIMES     prints {"pages", "p50", "p95", "max", "queries"} in milliseconds
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portevoix.settings")
django.setup()

from django.core.management import call_command
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portevoix.core import clock, tenancy
from portevoix.core.codes import new_code
from portevoix.editorial.models import Pillar
from portevoix.feed.models import Taste
from portevoix.library.models import Caption, Picture, Story, StoryState
from portevoix.links.models import Link
from portevoix.people.models import Account, Audience, Organisation, Participation, Person, RoleGrant, Team
from portevoix.sharing.models import Share

STORIES, ACTIVE, TEAMS, PILLARS, AUDIENCES = 10_000, 500, 40, 8, 12
LANGUAGES, COUNTRIES = ("fr", "ar", "en"), ("MA", "FR", "TN", "BE")
NOW = clock.now()
WARM_UP = 20


def insert(rows: Iterator[Any] | list[Any], model: type[models.Model]) -> list[Any]:
    """Rows in bulk: a benchmark may, the product may not."""
    return model._base_manager.bulk_create(rows, batch_size=5_000)


def fill(people_count: int, draw: random.Random) -> None:
    """An organisation of that many people, two themes each, half of whom shared something this month."""
    organisation = Organisation.objects.create(name="Atlas", website="https://atlas.example/", created_at=NOW)
    teams = insert([Team(organisation=organisation, name=f"Team {place}") for place in range(TEAMS)], Team)
    pillars = insert(
        [Pillar(organisation=organisation, names={"fr": f"Thème {place}"}) for place in range(PILLARS)],
        Pillar,
    )
    audiences = insert([_audience(organisation, place, teams, draw) for place in range(AUDIENCES)], Audience)
    people = _people(organisation, people_count, teams, draw)
    stories = _stories(organisation, pillars, audiences, people, draw)
    tastes = [
        Taste(organisation=organisation, person=person, pillar=pillar)
        for person in people
        for pillar in draw.sample(pillars, 2)
    ]
    insert(tastes, Taste)
    _shares(organisation, people[::2], stories[:ACTIVE], draw)


def _audience(organisation: Organisation, place: int, teams: list[Team], draw: random.Random) -> Audience:
    rule = draw.choice(
        [
            {"countries": draw.sample(COUNTRIES, 2)},
            {"languages": draw.sample(LANGUAGES, 2)},
            {"teams": [team.code for team in draw.sample(teams, 12)], "roles": ["ambassador"]},
        ]
    )
    return Audience(organisation=organisation, name=f"Audience {place}", rule=rule)


def _people(organisation: Organisation, count: int, teams: list[Team], draw: random.Random) -> list[Person]:
    accounts = insert(
        [Account(email=f"p{place}@atlas.example", password="!") for place in range(count)], Account
    )
    people = insert(
        [
            Person(
                organisation=organisation,
                account=account,
                given_name=f"P{place}",
                team=draw.choice(teams),
                country=draw.choice(COUNTRIES),
                language=draw.choice(LANGUAGES),
                participation=Participation.JOINED,
                joined_at=NOW,
                created_at=NOW,
            )
            for place, account in enumerate(accounts)
        ],
        Person,
    )
    insert(
        [RoleGrant(organisation=organisation, person=person, role="ambassador") for person in people],
        RoleGrant,
    )
    return people


def _stories(
    organisation: Organisation,
    pillars: list[Pillar],
    audiences: list[Audience],
    people: list[Person],
    draw: random.Random,
) -> list[Story]:
    """The first ones may be shared; the rest is over, as it is after years of use."""
    stories = [
        Story(
            organisation=organisation,
            state=StoryState.PUBLISHED
            if place < ACTIVE
            else draw.choice([StoryState.EXPIRED, StoryState.ARCHIVED]),
            title=f"Une histoire qui dit ce qui se passe ici, numéro {place}",
            link=f"https://gazette.example/{place}",
            canonical=f"https://gazette.example/{place}",
            site="La Gazette",
            language=draw.choice(LANGUAGES),
            pillar=draw.choice(pillars),
            audience=draw.choice([None, *audiences]),
            featured_at=NOW if place < 5 else None,
            published_at=NOW - timedelta(hours=draw.randrange(1, 24 * 13)),
            expires_at=NOW + timedelta(hours=draw.randrange(1, 24 * 13)),
            suggested_by=draw.choice(people) if draw.random() < 0.1 else None,
            created_at=NOW,
            updated_at=NOW,
        )
        for place in range(STORIES)
    ]
    stories = insert(stories, Story)
    insert(
        [
            Caption(
                organisation=organisation,
                story=story,
                language=language,
                text=f"Texte {turn} de {story.title}.",
            )
            for place, story in enumerate(stories)
            for language in draw.sample(LANGUAGES, 2)
            for turn in range(3 if place < ACTIVE else 1)
        ],
        Caption,
    )
    insert([_picture(organisation, story) for story in stories], Picture)
    return stories


def _picture(organisation: Organisation, story: Story) -> Picture:
    return Picture(
        organisation=organisation, story=story, file=f"pictures/{story.pk}.jpg", width=1200, height=630
    )


def _shares(
    organisation: Organisation, people: list[Person], stories: list[Story], draw: random.Random
) -> None:
    links = insert(
        [
            Link(
                organisation=organisation,
                code=new_code(),
                destination="https://gazette.example/",
                fallback="https://atlas.example/",
                created_at=NOW,
            )
            for _ in range(len(people) * 2)
        ],
        Link,
    )
    insert(
        [
            Share(
                organisation=organisation,
                person=people[place // 2],
                story=draw.choice(stories),
                link=link,
                channel=draw.choice(["linkedin", "whatsapp"]),
                language="fr",
                text="Dit avec mes mots.",
                shared_at=NOW - timedelta(days=draw.randrange(28)),
            )
            for place, link in enumerate(links)
        ],
        Share,
    )


def measure(times: int, draw: random.Random) -> dict[str, float]:
    """Whole pages of people drawn at random, one after the other; queries are counted on a page of each, unmeasured."""
    accounts = draw.sample(list(Account.objects.values_list("pk", flat=True)), times + WARM_UP)
    durations, queries = [], 0
    for place, account_id in enumerate(accounts):
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(Account.objects.get(pk=account_id))
        began = time.perf_counter()
        answer = client.get("/")
        took = (time.perf_counter() - began) * 1_000
        if answer.status_code != 200 or b"data-sheet" not in answer.content:
            sys.exit(f"The page answered {answer.status_code}, or held no story.")
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        if place >= WARM_UP:
            durations.append(took)
            queries = max(queries, len(asked))
    hundredths = statistics.quantiles(durations, n=100)
    return {
        "pages": len(durations),
        "p50": hundredths[49],
        "p95": hundredths[94],
        "max": max(durations),
        "queries": queries,
    }


def main() -> None:
    people_count, times = int(sys.argv[1]), int(sys.argv[2])
    draw = random.Random(20261124)
    call_command("migrate", verbosity=0, interactive=False)
    with tenancy.acting_for(None):
        fill(people_count, draw)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(json.dumps(measure(times, draw)))


if __name__ == "__main__":
    main()
