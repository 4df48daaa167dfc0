"""Attacks on figures: a group made so small that its figure is about somebody."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta

from django.test import Client

from cast import Cast
from make import make_person
from make_clicks import make_clicks, make_published_story, make_share
from portevoix.analytics import queries
from portevoix.analytics.actions import request_export
from portevoix.analytics.models import Export
from portevoix.analytics.rules import OTHERS
from portevoix.library.models import Story
from portevoix.people.actions.audiences import create_audience
from portevoix.people.actions.participation import leave_programme
from portevoix.people.models import Person, TrailEntry
from portevoix.sharing.models import Share
from working import prepare_due_exports

Browse = Callable[[Person], Client]


def a_story_for_ana_alone(cast: Cast, now: datetime) -> Story:
    """Five take part in the company; one of them is of the story's audience."""
    for name in ("Badr", "Clara", "Dina"):
        make_person(cast.atlas, name, ["ambassador"], now=now)
    rule = {"teams": [cast.ana.team.code], "roles": ["ambassador"]}
    only_ana = create_audience(organisation=cast.atlas, name="Ventes", rule=rule, by=cast.ines, now=now)
    story = make_published_story(cast.atlas, "Pour une seule", now=now, audience=only_ana)
    make_clicks(make_share(cast.ana, story, at=now), [now] * 7)
    return story


def test_story_for_one_colleague_does_not_show_what_that_colleague_does(
    cast: Cast, browse: Browse, now: datetime
) -> None:
    story = a_story_for_ana_alone(cast, now)

    results = queries.story_results(cast.ines, story.code, now=now)
    page = browse(cast.ines).get(f"/studio/stories/{story.code}/results").content.decode()

    assert results.is_hidden
    assert (results.totals.clicks, results.networks, results.teams) == (0, [], [])
    assert 'figure text-xl">' not in page


def test_file_of_stories_leaves_out_figures_about_one_colleague(cast: Cast, now: datetime) -> None:
    a_story_for_ana_alone(cast, now)
    days = {"since_on": now.date().replace(day=1), "until_on": now.date(), "language": "fr"}
    request_export(person=cast.lea, kind=Export.Kind.STORIES, now=now, **days)

    prepare_due_exports(now)

    lines = list(csv.reader(Export.objects.get().file.open("r").read().splitlines()))
    assert lines[1][0] == "Pour une seule"
    assert lines[1][3:] == ["", "", "", ""]


def test_two_files_of_stories_do_not_differ_by_what_one_colleague_shared(
    cast: Cast, browse: Browse, now: datetime
) -> None:
    story = make_published_story(cast.atlas, "Pour toutes", now=now)
    for name in ("Badr", "Clara", "Dina", "Elias", "Farah"):
        who = make_person(cast.atlas, name, ["ambassador"], now=now)
        make_clicks(make_share(who, story, at=now - timedelta(days=3)), [now])
    make_clicks(make_share(cast.ana, story, at=now), [now] * 7)
    days = [now.date() - timedelta(days=5), now.date() - timedelta(days=1), now.date()]
    for until_on in days[1:]:
        request_export(
            person=cast.lea, kind="stories", since_on=days[0], until_on=until_on, language="fr", now=now
        )

    prepare_due_exports(now)

    files = [export.file.open("r").read() for export in Export.objects.all()]
    page = queries.story_results(cast.lea, story.code, now=now).totals
    assert files[0] == files[1]
    assert (
        files[0]
        .splitlines()[1]
        .endswith(f",{page.shares},{page.clicks},{page.visitors.low},{page.visitors.high}")
    )
    assert (page.shares, page.clicks) == (6, 12)


def six_that_shared(cast: Cast, at: datetime) -> Story:
    """A story that six shared on LinkedIn that day, each with a visit."""
    story = make_published_story(cast.atlas, "Pour toutes", now=at)
    for name in ("Badr", "Clara", "Dina", "Elias", "Farah", "Ghali"):
        who = make_person(cast.atlas, name, ["ambassador"], team=cast.ana.team, now=at)
        make_clicks(make_share(who, story, at=at), [at])
    return story


def test_two_periods_that_differ_by_a_day_do_not_differ_by_what_one_colleague_shared(
    cast: Cast, browse: Browse, now: datetime
) -> None:
    monday = now - timedelta(days=8)
    story = six_that_shared(cast, monday)
    make_clicks(make_share(cast.ana, story, at=monday + timedelta(days=2), channel="x"), [now] * 7)
    client = browse(cast.marc)

    shown = [
        client.get(f"/studio/?period=dates&since=2026-11-16&until=2026-11-{day}").context
        for day in (16, 17, 18, 22)
    ]

    facts = {
        (one["overview"].totals, *map(str, (one["networks"], one["teams"], one["bars"]))) for one in shown
    }
    assert len(facts) == 1
    assert [(one.key, one.shares) for one in shown[0]["networks"]] == [(OTHERS, 7)]


def test_a_week_and_the_next_do_not_differ_by_what_one_colleague_shared(
    cast: Cast, browse: Browse, now: datetime
) -> None:
    story = six_that_shared(cast, now - timedelta(days=14))
    make_clicks(make_share(cast.ana, story, at=now - timedelta(days=7)), [now - timedelta(days=7)] * 7)
    client = browse(cast.marc)

    shown = [
        client.get(f"/studio/?period=dates&since=2026-11-09&until={until}").context["overview"]
        for until in ("2026-11-15", "2026-11-22", "2026-11-24")
    ]

    assert {(one.totals.shares, one.totals.clicks) for one in shown} == {(6, 6)}


def test_all_less_the_stories_shown_is_not_what_one_colleague_shared(
    cast: Cast, browse: Browse, now: datetime
) -> None:
    story = six_that_shared(cast, now)
    only = make_published_story(cast.atlas, "Pour une seule", now=now)
    make_clicks(make_share(cast.ana, only, at=now), [now] * 7)

    total = browse(cast.marc).get("/studio/").context["overview"].totals
    shown = queries.story_results(cast.marc, story.code, now=now)

    assert (total.clicks, shown.totals.clicks, shown.is_kept_back) == (13, 0, True)


def test_a_team_lead_does_not_read_what_the_one_of_the_team_who_shares_brought(
    cast: Cast, browse: Browse, now: datetime
) -> None:
    before = now - timedelta(days=8)
    story = six_that_shared(cast, before)
    Person.objects.exclude(pk=cast.ana.pk).update(team=cast.noor.team)
    Share.objects.update(team=cast.noor.team)
    for name in ("Hind", "Idriss", "Jade", "Karima"):
        make_person(cast.atlas, name, ["ambassador"], team=cast.ana.team, now=before)
    make_clicks(make_share(cast.ana, story, at=before), [before] * 7)

    teams = browse(cast.karim).get("/studio/").context["teams"]

    assert [(one.key, one.clicks) for one in teams] == [(OTHERS, 13)]


def test_two_audiences_that_differ_by_one_colleague_do_not_tell_whether_they_take_part(
    cast: Cast, browse: Browse, now: datetime
) -> None:
    for name in ("Badr", "Clara", "Dina", "Eli", "Farah"):
        make_person(cast.atlas, name, ["ambassador"], team=cast.ana.team, now=now)
    both = f"/studio/audiences/count?teams={cast.ana.team.code}&teams={cast.noor.team.code}"
    before = browse(cast.marc).get(both).content

    leave_programme(person=cast.noor, now=now)

    assert browse(cast.marc).get(both).content == before


def test_trail_keeps_to_the_person_that_they_took_their_own_figures_away(
    cast: Cast, browse: Browse, now: datetime
) -> None:
    browse(cast.ana).post("/results/export")

    page = browse(cast.driss).get("/admin/trail").content.decode()

    assert list(TrailEntry.objects.values_list("act", flat=True)) == ["request_own_export"]
    assert Export.objects.get().code not in page
