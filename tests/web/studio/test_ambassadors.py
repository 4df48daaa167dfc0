"""Ambassadors and audiences, as those who recruit and write see them."""

from collections.abc import Callable
from datetime import datetime

from django.test import Client

from cast import Cast
from make import make_person
from portevoix.people.actions import audiences
from portevoix.people.models import Audience, Invitation, Person

Browse = Callable[[Person], Client]


def invite(client: Client, emails: str, **facts: str) -> object:
    return client.post(
        "/studio/ambassadors", {"emails": emails, "role": "ambassador", "language": "fr", **facts}
    )


def test_several_addresses_are_invited_each_with_its_result(cast: Cast, browse: Browse) -> None:
    answer = invite(
        browse(cast.marc), "zoe@atlas.example, not-an-address\nana@atlas.example zoe@atlas.example"
    )

    outcomes = [(each.email, bool(each.problem)) for each in answer.context["outcomes"]]  # type: ignore[attr-defined]
    assert outcomes == [("zoe@atlas.example", False), ("not-an-address", True), ("ana@atlas.example", True)]
    assert [row.email for row in Invitation.objects.all()] == ["zoe@atlas.example"]
    # What was refused stays in the form, what went out does not.
    assert answer.context["form"].initial["emails"] == "not-an-address\nana@atlas.example"  # type: ignore[attr-defined]


def test_manager_is_offered_no_role_of_power(cast: Cast, browse: Browse) -> None:
    answer = invite(browse(cast.marc), "zoe@atlas.example", role="administrator")

    assert "role" in answer.context["form"].errors  # type: ignore[attr-defined]
    assert not Invitation.objects.exists()


def test_who_has_not_joined_is_named_nowhere(cast: Cast, browse: Browse, now: datetime) -> None:
    make_person(cast.atlas, "Silence", ["ambassador"], joined=False, now=now)

    page = browse(cast.marc).get("/studio/ambassadors").content.decode()

    assert "Silence" not in page
    assert "Ana" not in page


def test_teams_under_five_are_not_counted_out(cast: Cast, browse: Browse, now: datetime) -> None:
    client = browse(cast.marc)
    before = client.get("/studio/ambassadors").context["groups"]
    for number in range(4):
        make_person(cast.atlas, f"Person{number}", ["ambassador"], team=cast.ana.team, now=now)

    after = client.get("/studio/ambassadors").context["groups"]

    assert before == []
    # Ventes has five; the two others of Projets are merged with them rather than be had by subtraction.
    assert [(group.name, group.count) for group in after] == [("", 7)]


def test_audience_is_saved_with_what_was_ticked(cast: Cast, browse: Browse) -> None:
    browse(cast.ines).post(
        "/studio/audiences", {"name": "Maroc", "countries": "MA", "languages": ["fr", "ar"]}
    )

    assert [(row.name, row.rule) for row in Audience.objects.all()] == [
        ("Maroc", {"countries": ["MA"], "languages": ["ar", "fr"]})
    ]


def test_taken_name_keeps_the_ticks(cast: Cast, browse: Browse, now: datetime) -> None:
    audiences.create_audience(organisation=cast.atlas, name="Maroc", rule={}, by=cast.ines, now=now)

    page = browse(cast.ines).post("/studio/audiences", {"name": "maroc", "countries": "MA"}).content.decode()

    assert 'id="id_name_error"' in page
    assert 'value="MA" checked' in page


def test_small_audience_is_not_counted_out(cast: Cast, browse: Browse, now: datetime) -> None:
    client = browse(cast.ines)
    few = client.get("/studio/audiences/count?countries=MA").content.decode()
    for number in range(4):
        make_person(cast.atlas, f"Person{number}", ["ambassador"], country="MA", now=now)

    many = client.get("/studio/audiences/count?countries=MA").content.decode()

    assert (few, many) == ("Moins de 5 personnes pour l’instant", "6 personnes pour l’instant")
