"""Exports: asked for, prepared with progress, taken up again after a death, gone after seven days."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from cast import Cast
from make import make_person
from make_clicks import make_clicks, make_published_story, make_share
from portevoix.analytics import queries
from portevoix.analytics.actions import erase_export, request_export
from portevoix.analytics.jobs import Progress, erase_old_exports, prepare_export
from portevoix.analytics.models import Export
from portevoix.analytics.privacy import erase_person
from portevoix.core import work
from portevoix.core.errors import NotFound, Refusal
from portevoix.people.models import Person, TrailEntry
from portevoix.people.roles import Role
from reading_parquet import rows_of_parquet
from working import prepare_due_exports

PEOPLE = ("Unique visitors, at least", "Unique visitors, at most")


def ask(person: Person, kind: str, now: datetime, language: str = "en", file_format: str = "csv") -> Export:
    return request_export(
        person=person,
        kind=kind,
        format=file_format,
        since_on=date(2026, 11, 1),
        until_on=date(2026, 11, 24),
        language=language,
        now=now,
    )


def rows_of(export: Export) -> list[list[str]]:
    export.refresh_from_db()
    return list(csv.reader(export.file.open("r").read().lstrip("\ufeff").splitlines()))


def files() -> list[str]:
    return sorted(path.name for path in (Path(settings.MEDIA_ROOT) / "exports").glob("*"))


def test_request_export_waits_for_the_worker_and_is_in_the_trail(cast: Cast, now: datetime) -> None:
    export = ask(cast.lea, Export.Kind.OVERVIEW, now)

    assert (export.state, export.due_at) == (Export.State.WAITING, now)
    entry = TrailEntry.objects.get(act="request_export")
    assert (entry.person, entry.subject) == (cast.lea, export.code)


@pytest.mark.parametrize("kind", [Export.Kind.OVERVIEW, Export.Kind.DAILY, Export.Kind.STORIES])
def test_request_export_of_the_programme_is_for_those_who_may(cast: Cast, now: datetime, kind: str) -> None:
    for person in (cast.ana, cast.karim):
        with pytest.raises(Refusal) as refusal:
            ask(person, kind, now)
        assert refusal.value.code == "not_allowed"


def test_request_export_refuses_a_period_that_ends_before_it_begins(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refusal) as refusal:
        request_export(
            person=cast.ana,
            kind=Export.Kind.MY_SHARES,
            since_on=date(2026, 11, 24),
            until_on=date(2026, 11, 23),
            language="en",
            now=now,
        )

    assert (refusal.value.code, refusal.value.field) == ("empty_period", "until_on")


def test_request_export_refuses_a_fourth_while_three_wait(cast: Cast, now: datetime) -> None:
    for _ in range(3):
        ask(cast.ana, Export.Kind.MY_SHARES, now)

    with pytest.raises(Refusal) as refusal:
        ask(cast.ana, Export.Kind.MY_SHARES, now)

    assert refusal.value.code == "too_many"


def test_prepare_writes_my_shares_and_nobody_elses(cast: Cast, now: datetime) -> None:
    story = make_published_story(cast.atlas, "Une laiterie", now=now)
    make_clicks(make_share(cast.ana, story, at=now), [now] * 2)
    make_share(cast.noor, story, at=now)
    export = ask(cast.ana, Export.Kind.MY_SHARES, now)

    assert prepare_due_exports(now) == 1

    assert rows_of(export) == [
        [
            "Story",
            "Network",
            "Shared on",
            "Text",
            "Human clicks",
            "Unique visitors, at least",
            "Unique visitors, at most",
        ],
        ["Une laiterie", "LinkedIn", "2026-11-24", "Je travaille chez Atlas.", "2", "2", "2"],
    ]
    assert (export.state, export.steps_done, export.steps_total) == (Export.State.READY, 1, 1)


def test_prepare_writes_the_language_that_was_asked_for(cast: Cast, now: datetime) -> None:
    export = ask(cast.ana, Export.Kind.MY_SHARES, now, language="fr")

    prepare_due_exports(now)

    assert rows_of(export)[0][:3] == ["Histoire", "Réseau", "Partagé le"]


def test_prepare_disarms_formulas(cast: Cast, now: datetime) -> None:
    make_published_story(cast.atlas, '=HYPERLINK("http://evil.example")', now=now)
    export = ask(cast.ines, Export.Kind.STORIES, now)

    prepare_due_exports(now)

    assert rows_of(export)[1][0] == '\'=HYPERLINK("http://evil.example")'


def test_prepare_the_overview_names_no_person_and_merges_small_teams(cast: Cast, now: datetime) -> None:
    story = make_published_story(cast.atlas, "Une laiterie", now=now)
    before = now - timedelta(days=7)  # in four weeks that are over
    for name in ("Badr", "Clara", "Dina", "Elias"):
        who = make_person(cast.atlas, name, [Role.AMBASSADOR], team=cast.ana.team, now=now)
        make_share(who, story, at=before)
    make_clicks(make_share(cast.ana, story, at=before), [before] * 2)
    make_clicks(make_share(cast.noor, story, at=before), [before])
    export = ask(cast.lea, Export.Kind.OVERVIEW, now)

    prepare_due_exports(now)

    rows = rows_of(export)
    weeks, fours = ["2026-10-26", "2026-11-24"], ["2026-10-26", "2026-11-22"]
    assert rows[1:] == [
        ["Everyone", "", *weeks, "6", "3", "3", "3"],
        ["Network", "LinkedIn", *fours, "6", "3", "3", "3"],
        ["Pillar", "", *fours, "6", "3", "3", "3"],
        ["Team", "Other teams", *fours, "6", "3", "3", "3"],
    ]
    assert "Ana" not in str(rows)


def test_prepare_the_overview_is_empty_below_five_people(cast: Cast, now: datetime) -> None:
    make_clicks(
        make_share(cast.ana, make_published_story(cast.atlas, "Une laiterie", now=now), at=now), [now]
    )
    export = ask(cast.lea, Export.Kind.OVERVIEW, now)

    prepare_due_exports(now)

    assert rows_of(export) == [["Group", "Name", "From", "To", "Shares", "Human clicks", *PEOPLE]]


def test_prepare_takes_up_what_a_killed_worker_left(cast: Cast, now: datetime) -> None:
    export = ask(cast.ana, Export.Kind.MY_SHARES, now)
    work.claim(Export.unscoped.all(), now=now)
    export.file.storage.save(f"exports/{export.code}-1.csv", ContentFile(b"half"))

    at_once, later = prepare_due_exports(now), prepare_due_exports(now + work.LEASE)

    assert (at_once, later) == (0, 1)
    assert files() == [f"{export.code}-2.csv"]
    assert rows_of(export)[0][0] == "Story"


def test_prepare_offers_no_file_of_a_worker_that_slept_through_its_lease(cast: Cast, now: datetime) -> None:
    export = ask(cast.ana, Export.Kind.MY_SHARES, now)
    sleeper = work.claim(Export.unscoped.all(), now=now)
    prepare_due_exports(now + work.LEASE)

    assert sleeper is not None
    with pytest.raises(work.StaleClaim):
        prepare_export(sleeper, now)

    assert files() == [f"{export.code}-2.csv"]
    assert rows_of(export)[0][0] == "Story"


def test_prepare_stops_when_its_export_is_erased_and_leaves_no_file(cast: Cast, now: datetime) -> None:
    export = ask(cast.ana, Export.Kind.MY_SHARES, now)
    mine = work.claim(Export.unscoped.all(), now=now)
    erase_export(export=export, now=now)

    assert mine is not None
    with pytest.raises(work.StaleClaim):
        prepare_export(mine, now)

    assert files() == []


def test_progress_is_told_once_a_second_at_most() -> None:
    told: list[int] = []
    moments = iter([0.0, 0.4, 0.9, 1.1, 1.2, 2.0, 2.2])
    progress = Progress(told.append, seconds=lambda: next(moments))

    rows = list(progress.through([["a"], ["b", "c"], [], ["d"], ["e"], ["f"]]))

    assert (told, rows) == ([3, 6], ["a", "b", "c", "d", "e", "f"])


@pytest.mark.parametrize("file_format", ["json", "parquet"])
def test_prepare_writes_numbers_days_and_arabic_for_programs(
    cast: Cast, now: datetime, file_format: str
) -> None:
    story = make_published_story(cast.atlas, "ملبنة تحت الشمس", now=now)
    make_clicks(make_share(cast.ana, story, at=now), [now] * 2)
    export = ask(cast.ana, Export.Kind.MY_SHARES, now, language="ar", file_format=file_format)

    prepare_due_exports(now)

    export.refresh_from_db()
    assert read_typed(export) == [
        {
            "story": "ملبنة تحت الشمس",
            "network": "linkedin",
            "shared_on": date(2026, 11, 24),
            "text": "Je travaille chez Atlas.",
            "visits": 2,
            "unique_visitors_least": 2,
            "unique_visitors_most": 2,
        }
    ]


def read_typed(export: Export) -> list[dict[str, object]]:
    content = export.file.open("rb").read()
    if export.format == Export.Format.PARQUET:
        return rows_of_parquet(content)
    rows: list[dict[str, object]] = json.loads(content)["rows"]
    return [{**row, "shared_on": date.fromisoformat(str(row["shared_on"]))} for row in rows]


def test_prepare_my_shares_on_my_own_clock(cast: Cast, now: datetime) -> None:
    story = make_published_story(cast.atlas, "Une laiterie", now=now)
    midnight_in_paris = datetime(
        2026, 10, 31, 23, 0, tzinfo=UTC
    )  # where Chloé lives; still October in Casablanca
    make_share(cast.chloe, story, at=midnight_in_paris)
    export = ask(cast.chloe, Export.Kind.MY_SHARES, now)

    prepare_due_exports(now)

    assert [row[2] for row in rows_of(export)[1:]] == ["2026-11-01"]


def test_request_export_refuses_a_format_that_there_is_not(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refusal) as refusal:
        ask(cast.ana, Export.Kind.MY_SHARES, now, file_format="exe")

    assert (refusal.value.code, refusal.value.field) == ("unknown_format", "format")


def test_prepare_tries_three_times_then_says_so(cast: Cast, now: datetime) -> None:
    export = ask(cast.ana, Export.Kind.MY_SHARES, now)
    Export.objects.update(kind="unheard of")

    for minutes in (0, 1, 3, 10, 20):
        prepare_due_exports(now + timedelta(minutes=minutes))

    export.refresh_from_db()
    assert (export.state, export.attempts, export.due_at) == (Export.State.FAILED, 3, None)
    assert files() == []


def test_erase_export_stops_a_preparation_and_leaves_no_file(cast: Cast, now: datetime) -> None:
    export = ask(cast.ana, Export.Kind.MY_SHARES, now)
    mine = work.claim(Export.unscoped.all(), now=now)
    erase_export(export=export, now=now)

    assert mine is not None
    with pytest.raises(work.StaleClaim):
        work.settle(mine, due_at=None)
    assert prepare_due_exports(now) == 0
    assert Export.objects.count() == 0


@pytest.mark.django_db(transaction=False)
def test_erase_export_takes_the_file_along(
    cast: Cast, now: datetime, django_capture_on_commit_callbacks: object
) -> None:
    export = ask(cast.ana, Export.Kind.MY_SHARES, now)
    prepare_due_exports(now)
    export.refresh_from_db()

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erase_export(export=export, now=now)

    assert (files(), Export.objects.count()) == ([], 0)


def test_erase_old_exports_after_seven_days(cast: Cast, now: datetime) -> None:
    _old, young = (ask(cast.ana, Export.Kind.MY_SHARES, now - timedelta(days=days)) for days in (8, 6))
    prepare_due_exports(now)

    assert erase_old_exports(now) == 1

    assert list(Export.objects.all()) == [young]
    assert files() == [f"{young.code}-1.csv"]


def test_another_persons_export_is_not_found(cast: Cast, now: datetime) -> None:
    export = ask(cast.marc, Export.Kind.OVERVIEW, now)

    assert queries.get_export_for(cast.marc, export.code) == export
    for person in (cast.lea, cast.ana, cast.otto):
        with pytest.raises(NotFound):
            queries.get_export_for(person, export.code)


def test_erase_person_erases_their_exports(cast: Cast, now: datetime) -> None:
    ask(cast.ana, Export.Kind.MY_SHARES, now)
    kept = ask(cast.noor, Export.Kind.MY_SHARES, now)
    prepare_due_exports(now)

    assert erase_person(cast.ana) == 1

    assert list(Export.objects.all()) == [kept]
    assert files() == [f"{kept.code}-1.csv"]
