"""Figures in the studio: the overview and its sentence, the choice of a period, a story's results, exports."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from cast import Cast
from make import make_person
from make_clicks import make_clicks, make_published_story, make_share
from portevoix.analytics.health import Balance, Beginnings, Freshness, Health
from portevoix.analytics.intervals import Interval
from portevoix.analytics.models import Export
from portevoix.analytics.period import Period
from portevoix.analytics.programme import Overview
from portevoix.analytics.queries import BestWeek, Totals
from portevoix.analytics.rules import Slice
from portevoix.analytics.visitors import NOBODY, Visitors
from portevoix.core import clock
from portevoix.library.models import Story
from portevoix.people.models import Account, Person
from portevoix.people.roles import Role
from portevoix.web.charts import week_bars, week_sentence
from portevoix.web.studio.findings import findings, leading
from portevoix.web.studio.periods import PeriodForm
from working import prepare_due_exports

Browse = Callable[[Person], Client]
ZONE = "Africa/Casablanca"


def people(*lives: int) -> Visitors:
    return Visitors(tuple(Interval(count, count, count) for count in lives))


@pytest.fixture
def story(cast: Cast) -> Story:
    """A story that six ambassadors of one team shared yesterday, each with two visits."""
    Account.objects.update(language="en")
    moment = clock.now() - timedelta(days=1)
    made = make_published_story(cast.atlas, "Une laiterie au soleil", now=moment)
    names = ("Badr", "Clara", "Dina", "Elias", "Farah")
    others = [
        make_person(cast.atlas, name, [Role.AMBASSADOR], team=cast.ana.team, now=moment) for name in names
    ]
    for who in (cast.ana, *others):
        make_clicks(make_share(who, made, at=moment), [moment] * 2)
    Account.objects.update(language="en")
    return made


def overview(**facts: object) -> Overview:
    told = {"invited": 20, "joined": 12, "active": 8, "totals": Totals(30, 100, people(90)), **facts}
    return Overview(period=Period(date(2026, 11, 2), date(2026, 11, 24), ZONE), **told)  # type: ignore[arg-type]


def health(*, count: int = 10, ending: int = 0, balances: list[Balance] | None = None) -> Health:
    ready = Beginnings(True, True, True, 12, True)
    return Health(ready, Freshness(count, 5, ending, (count, 0, 0, 0)), balances or [])


def weeks(*clicks: int) -> list[Slice]:
    first = date(2026, 11, 2)
    return [Slice(first + timedelta(weeks=n), "", clicks=count) for n, count in enumerate(clicks)]


@pytest.mark.parametrize(
    ("seen", "kept", "said"),
    [
        (overview(), health(), "8 ambassadors out of 12 have shared in the last 28 days."),
        (overview(active=1), health(), "1 ambassador out of 12 has shared in the last 28 days."),
        (overview(totals=Totals(0, 0, NOBODY)), health(), "Nothing was shared in this period."),
        (overview(is_hidden=True), health(), "Figures appear once five people have joined."),
        (
            overview(totals=Totals(0, 0, NOBODY)),
            health(count=0),
            "Nothing was shared in this period. There is no story to share at the moment.",
        ),
        (
            overview(totals=Totals(0, 0, NOBODY)),
            health(ending=5),
            "Nothing was shared in this period. 5 stories out of 10 end within three days.",
        ),
        (
            overview(totals=Totals(0, 0, NOBODY)),
            health(balances=[Balance("Wind", 2, 0.2, 0.25), Balance("Life", 1, 0.1, 0.25)]),
            "Nothing was shared in this period. “\u2068Life\u2069” lacks stories: 10% of them, for a target of 25%.",
        ),
        (
            overview(totals=Totals(0, 0, NOBODY), weeks=weeks(80, 60, 3)),
            health(balances=[Balance("Wind", 2, 0.2, 0.24)]),
            "Nothing was shared in this period. Last week brought 60 visits, after 80 the week before.",
        ),
        (
            overview(totals=Totals(0, 0, NOBODY), weeks=weeks(80, 61, 3)),
            health(),
            "Nothing was shared in this period.",
        ),
        (
            overview(totals=Totals(0, 0, NOBODY), weeks=weeks(19, 2, 3)),
            health(),
            "Nothing was shared in this period.",
        ),
    ],
)
def test_findings_say_what_does_not_go_well(seen: Overview, kept: Health, said: str) -> None:
    with translation.override("en"):
        assert findings(seen, kept) == said


def test_leading_names_the_first_and_its_part() -> None:
    assert leading([Slice("linkedin", "LinkedIn", clicks=6), Slice("x", "X", clicks=2)]) == ("LinkedIn", 0.75)
    assert leading([Slice("linkedin", "LinkedIn")]) is None


def test_week_bars_hatch_the_current_week_and_name_months_where_they_begin() -> None:
    many = [Slice(date(2026, 9, 28) + timedelta(weeks=n), "", clicks=n) for n in range(9)]

    with translation.override("en"):
        bars = week_bars(many, date(2026, 11, 24))

    assert [bar["tick"] for bar in bars] == ["", "Oct", "", "", "", "Nov", "", "", ""]
    assert [bar["current"] for bar in bars] == [False] * 8 + [True]
    assert (bars[8]["label"], bars[8]["value"]) == ("Week of 23 Nov", 8)


def test_week_sentence_keeps_the_title_apart_from_the_sentence() -> None:
    with translation.override("en"):
        said = week_sentence(BestWeek(date(2026, 10, 19), 31, "Une laiterie"))

    assert said == "Most visits came in the week of 19 Oct, above all with “\u2068Une laiterie\u2069”."


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ("", "2026-09-07", "2026-11-24"),
        ("period=4w", "2026-11-02", "2026-11-24"),
        ("period=year", "2026-01-01", "2026-11-24"),
        ("period=dates&since=2026-10-01&until=2026-10-31", "2026-10-01", "2026-10-31"),
        ("period=dates&since=2026-10-31&until=2026-10-01", "2026-09-07", "2026-11-24"),
        ("period=dates&since=yesterday&until=", "2026-09-07", "2026-11-24"),
        ("period=dates&since=2020-01-01&until=2026-01-01", "2026-09-07", "2026-11-24"),
        ("period=for-ever", "2026-09-07", "2026-11-24"),
    ],
)
def test_period_form_reads_the_address_and_falls_back_to_twelve_weeks(
    query: str, since: str, until: str, now: datetime
) -> None:
    form = PeriodForm(QueryDict(query), now=now, zone=ZONE)

    assert (form.result.since.isoformat(), form.result.until.isoformat()) == (since, until)


def test_period_form_says_beside_the_date_what_is_wrong(now: datetime) -> None:
    form = PeriodForm(QueryDict("period=dates&since=2026-10-31&until=2026-10-01"), now=now, zone=ZONE)

    with translation.override("en"):
        assert {name: list(errors) for name, errors in form.errors.items()} == {
            "until": ["The period ends before it begins."]
        }


def test_overview_shows_groups_and_never_a_person(cast: Cast, story: Story, browse: Browse) -> None:
    shown = browse(cast.lea).get("/studio/").content.decode()

    figures = re.findall(r'figure text-xl">([^<]+)<', shown)
    assert figures == ["6", "12", "12"]
    assert [name for name in ("Ana", "Badr", "Clara", "Dina", "Elias", "Farah") if name in shown] == []


def test_every_tile_has_its_formula_and_every_figure_its_evidence(
    cast: Cast, story: Story, browse: Browse
) -> None:
    shown = browse(cast.marc).get("/studio/").content.decode()

    tiles = shown.split('<section class="tile')[1:]
    with_figures = [tile for tile in tiles if 'class="steps"' not in tile]
    assert len(tiles) == 9
    assert [tile for tile in tiles if 'class="formula"' not in tile] == []
    assert [tile for tile in with_figures if 'class="evidence"' not in tile] == []


def test_overview_leads_a_new_organisation_through_its_first_steps(cast: Cast, browse: Browse) -> None:
    Account.objects.update(language="en")

    shown = browse(cast.marc).get("/studio/").content.decode()

    assert "Name the pillars" in shown
    assert "3 of 10 have joined" in shown
    assert "Below five, a figure would be about somebody." in shown


def test_overview_keeps_a_wrong_period_and_says_why(cast: Cast, story: Story, browse: Browse) -> None:
    answer = browse(cast.marc).get("/studio/?period=dates&since=2026-10-31&until=2026-10-01")

    assert 'value="2026-10-31"' in answer.content.decode()
    assert "The period ends before it begins." in answer.content.decode()


@pytest.mark.parametrize("more", [0, 2])
def test_overview_takes_no_more_queries_for_more_stories(
    cast: Cast, story: Story, browse: Browse, more: int, django_assert_num_queries: Callable[..., object]
) -> None:
    for _ in range(more):
        made = make_published_story(cast.atlas, "Une autre", now=clock.now())
        make_clicks(make_share(cast.noor, made, at=clock.now()), [clock.now()], visitor="aa")
    client = browse(cast.marc)
    client.get("/studio/")

    with django_assert_num_queries(43, exact=False):  # type: ignore[attr-defined]
        client.get("/studio/")


def test_story_results_shows_what_the_story_brought(cast: Cast, story: Story, browse: Browse) -> None:
    shown = browse(cast.karim).get(f"/studio/stories/{story.code}/results").content.decode()

    assert re.findall(r'figure text-xl">([^<]+)<', shown) == ["6", "12", "12"]
    assert "Une laiterie au soleil" in shown
    assert "Badr" not in shown


def test_exports_are_asked_for_prepared_and_kept(cast: Cast, story: Story, browse: Browse) -> None:
    client = browse(cast.lea)
    asked = {"kind": "overview", "since_on": "2026-01-01", "until_on": "2026-12-31"}
    assert client.post("/studio/exports", asked).status_code == 302
    assert "Waiting for its turn" in client.get("/studio/exports").content.decode()

    prepare_due_exports(clock.now())

    assert "Erased by itself on" in client.get("/studio/exports").content.decode()
    answer = client.get(f"/studio/exports/{Export.objects.get().code}/file")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("file_format", "content_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("parquet", "application/vnd.apache.parquet"),
    ],
)
def test_exports_leave_in_the_format_that_was_chosen(
    cast: Cast, story: Story, browse: Browse, file_format: str, content_type: str
) -> None:
    client = browse(cast.lea)
    asked = {"kind": "daily", "since_on": "2026-01-01", "until_on": "2026-01-31", "format": file_format}
    client.post("/studio/exports", asked)
    prepare_due_exports(clock.now())

    answer = client.get(f"/studio/exports/{Export.objects.get().code}/file")

    name = f"portevoix-daily-2025-12-29-2026-02-01.{file_format}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_exports_in_no_known_format_are_refused(cast: Cast, story: Story, browse: Browse) -> None:
    client, asked = browse(cast.lea), {"kind": "daily", "since_on": "2026-01-01", "until_on": "2026-01-31"}

    shown = client.post("/studio/exports", {**asked, "format": "../../x"}).content.decode()

    assert "Choose a format." in shown
    assert Export.objects.count() == 0


def test_a_file_that_was_erased_from_the_disk_is_not_there(cast: Cast, story: Story, browse: Browse) -> None:
    client = browse(cast.lea)
    client.post("/studio/exports", {"kind": "daily", "since_on": "2026-01-01", "until_on": "2026-01-31"})
    prepare_due_exports(clock.now())
    export = Export.objects.get()
    export.file.storage.delete(export.file.name)

    assert client.get(f"/studio/exports/{export.code}/file").status_code == 404


def test_exports_show_their_progress_from_the_row(cast: Cast, story: Story, browse: Browse) -> None:
    client = browse(cast.lea)
    client.post("/studio/exports", {"kind": "stories", "since_on": "2026-01-01", "until_on": "2026-12-31"})
    Export.objects.update(steps_done=70, steps_total=120)

    shown = client.get("/studio/exports", headers={"HX-Request": "true"}).content.decode()

    assert "58% done" in shown
    assert "<html" not in shown


def test_exports_keep_what_was_typed_and_say_what_is_wrong(cast: Cast, story: Story, browse: Browse) -> None:
    asked = {"kind": "stories", "since_on": "2026-10-31", "until_on": "2026-10-01"}

    shown = browse(cast.lea).post("/studio/exports", asked).content.decode()

    assert "The period ends before it begins." in shown
    assert 'value="2026-10-31"' in shown
    assert Export.objects.count() == 0


def test_another_persons_export_is_not_there(cast: Cast, story: Story, browse: Browse) -> None:
    browse(cast.marc).post(
        "/studio/exports", {"kind": "overview", "since_on": "2026-01-01", "until_on": "2026-12-31"}
    )
    prepare_due_exports(clock.now())
    code = Export.objects.get().code

    assert browse(cast.lea).get(f"/studio/exports/{code}/file").status_code == 404
    assert browse(cast.lea).post(f"/studio/exports/{code}/erase").status_code == 404
    assert browse(cast.marc).get(f"/studio/exports/{code}/file").status_code == 200
