"""People, settings and the trail, as an administrator sees them."""

import ast
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from cast import Cast
from make import make_person
from portevoix.people import trail
from portevoix.people.actions.participation import leave_programme
from portevoix.people.models import Organisation, Person, Team
from portevoix.web.admin.acts import PERSONAL, WORDS

SOURCE = Path(__file__).parents[3] / "src" / "portevoix"
WRITERS_OF_THE_TRAIL = {"record", "_record", "_move", "_tell", "open_story"}
Browse = Callable[[Person], Client]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("words=ana", ["Ana"]),
        ("words=atlas.example+noor", ["Noor"]),
        ("role=editor", ["Ines"]),
        ("role=editor&words=ana", []),
        ("words=otto", []),
    ],
)
def test_people_are_found(cast: Cast, browse: Browse, query: str, names: list[str]) -> None:
    answer = browse(cast.driss).get(f"/admin/people?{query}")

    assert [person.given_name for person in answer.context["page"]] == names


def test_list_costs_the_same_for_one_and_for_many(
    cast: Cast, browse: Browse, now: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    client = browse(cast.driss)
    for number in range(12):
        make_person(cast.atlas, f"Person{number}", ["ambassador"], now=now)

    counts = []
    for query in ("words=ana", "words=person", ""):
        with django_assert_num_queries(8, exact=False) as spent:  # type: ignore[attr-defined]
            client.get(f"/admin/people?{query}")
        counts.append(len(spent))

    assert len(set(counts)) == 1


def test_refused_role_is_said_beside_its_field(cast: Cast, browse: Browse) -> None:
    page = (
        browse(cast.driss)
        .post(f"/admin/people/{cast.ana.code}/roles", {"role": "consultant"})
        .content.decode()
    )

    assert 'id="role_ends_on_error"' in page


def test_settings_keep_what_was_typed(cast: Cast, browse: Browse) -> None:
    facts = {
        "name": "Atlas", "website": "atlas", "mail_domains": "atlas.example", "language": "fr",
        "time_zone": "Europe/Paris", "shares_per_day": "9", "story_days": "14", "active_story_limit": "25",
        "visitor_period": "day",
    }  # fmt: skip
    page = browse(cast.driss).post("/admin/settings", facts).content.decode()

    assert 'id="id_website_error"' in page
    assert 'value="9"' in page
    assert Organisation.objects.get(pk=cast.atlas.pk).name == "Atlas Énergies"


def test_deleted_team_leaves_its_people(cast: Cast, browse: Browse) -> None:
    team = Team.objects.get(name="Ventes")

    browse(cast.driss).post(f"/admin/teams/{team.code}/delete")

    cast.ana.refresh_from_db()
    assert (cast.ana.team, cast.ana.is_active) == (None, True)


def test_trail_shows_no_personal_act(cast: Cast, browse: Browse, now: datetime) -> None:
    leave_programme(person=cast.ana, now=now)
    trail.record(organisation_id=cast.atlas.pk, person=cast.ana, act="share_story", now=now)
    trail.record(organisation_id=cast.atlas.pk, person=cast.ines, act="publish_story", now=now)
    trail.record(organisation_id=cast.other.pk, person=cast.otto, act="publish_story", now=now)

    answer = browse(cast.driss).get("/admin/trail")

    assert [(entry.act, entry.person) for entry, _ in answer.context["rows"]] == [
        ("publish_story", cast.ines)
    ]


def test_trail_cannot_be_asked_for_personal_acts(cast: Cast, browse: Browse, now: datetime) -> None:
    leave_programme(person=cast.ana, now=now)

    answer = browse(cast.driss).get("/admin/trail?act=leave_programme")

    assert answer.context["rows"] == []


def acts_of_the_source() -> Iterator[str]:
    """Every act that an action writes into the trail."""
    for file in [*SOURCE.glob("*/actions.py"), *SOURCE.glob("*/actions/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in WRITERS_OF_THE_TRAIL:
                for value in [*node.args, *(k.value for k in node.keywords if k.arg == "act")]:
                    yield from texts_of(value)


def texts_of(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
        yield value.value
    if isinstance(value, ast.IfExp):
        yield from texts_of(value.body)
        yield from texts_of(value.orelse)


def test_every_act_has_words_or_is_personal() -> None:
    assert sorted(set(acts_of_the_source()) - set(WORDS) - PERSONAL) == []
