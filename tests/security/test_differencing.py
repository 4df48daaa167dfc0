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
from portevoix.library.models import Story
from portevoix.people.actions.audiences import create_audience
from portevoix.people.actions.participation import leave_programme
from portevoix.people.models import Person, TrailEntry
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
