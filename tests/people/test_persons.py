"""Persons and roles: who administers, who goes, what is held about them."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from cast import Cast
from make import make_person
from portevoix.core.errors import NotFound, Refusal
from portevoix.people import privacy, queries
from portevoix.people.actions import invitations, organisations, persons, roles, teams
from portevoix.people.models import Account, Invitation, Person, TrailEntry
from portevoix.people.roles import Role


def refusal_of(act: object, **facts: object) -> str:
    with pytest.raises(Refusal) as refused:
        act(**facts)  # type: ignore[operator]
    return refused.value.code


def test_deactivating_ends_every_session_and_role(cast: Cast, now: datetime) -> None:
    phone = Client()
    phone.force_login(cast.marc.account)
    persons.deactivate_person(person=cast.marc, by=cast.driss, now=now)

    answer = phone.get("/password/change")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")
    cast.marc.refresh_from_db()
    assert (cast.marc.is_active, cast.marc.account.is_active, cast.marc.roles) == (False, False, frozenset())


def test_deactivating_leaves_the_other_organisation_open(cast: Cast, now: datetime) -> None:
    persons.create_person(
        organisation=cast.other, email=cast.salma.account.email, given_name="Salma", now=now
    )

    persons.deactivate_person(person=cast.salma, by=cast.driss, now=now)

    cast.salma.account.refresh_from_db()
    assert cast.salma.account.is_active


def test_someone_invited_again_gets_only_the_role_of_the_invitation(cast: Cast, now: datetime) -> None:
    second = make_person(cast.atlas, "Dounia", [Role.ADMINISTRATOR], now=now)
    persons.deactivate_person(person=second, by=cast.driss, now=now)
    row = invitations.invite_person(by=cast.marc, email=second.account.email, now=now)

    person = invitations.accept_invitation(invitation=row, given_name="Dounia", now=now)

    assert person.roles == {Role.AMBASSADOR}


def test_last_administrator_cannot_go(cast: Cast, now: datetime) -> None:
    facts = {"person": cast.driss, "now": now}

    assert (
        refusal_of(roles.revoke_role, role=Role.ADMINISTRATOR, by=cast.driss, **facts) == "last_administrator"
    )
    assert refusal_of(persons.deactivate_person, by=cast.marc, **facts) == "last_administrator"


def test_administrator_who_ends_soon_is_not_the_last_one(cast: Cast, now: datetime) -> None:
    ends_on = (now + timedelta(days=3)).date()
    facts = {"person": cast.driss, "role": Role.ADMINISTRATOR, "ends_on": ends_on}

    assert refusal_of(roles.grant_role, by=cast.driss, now=now, **facts) == "last_administrator"


def test_consultant_needs_an_end_that_is_to_come(cast: Cast, now: datetime) -> None:
    facts = {"person": cast.ana, "role": Role.CONSULTANT, "by": cast.driss, "now": now}

    assert refusal_of(roles.grant_role, **facts) == "mandate_needs_end"
    assert refusal_of(roles.grant_role, ends_on=(now - timedelta(days=1)).date(), **facts) == "end_is_past"


def test_mandate_ends_by_itself(cast: Cast, now: datetime) -> None:
    grant = roles.grant_role(
        person=cast.ana, role=Role.CONSULTANT, by=cast.driss, now=now, ends_on=now.date()
    )
    grant.ends_on = now.date() - timedelta(days=400)

    assert not grant.in_force


def test_editor_gives_no_role(cast: Cast, now: datetime) -> None:
    facts = {"person": cast.ines, "role": Role.ADMINISTRATOR, "by": cast.ines, "now": now}

    assert refusal_of(roles.grant_role, **facts) == "role_not_yours"


def test_weak_password_is_refused_beside_its_field(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        persons.create_person(
            organisation=cast.atlas, email="w@atlas.example", given_name="W", password="short", now=now
        )

    assert (refused.value.code, refused.value.field) == ("weak_password", "password")


def test_team_of_another_organisation_is_refused(cast: Cast, now: datetime) -> None:
    foreign = teams.create_team(organisation=cast.other, name="Autre", by=None, now=now)

    code = refusal_of(
        persons.change_person,
        person=cast.ana,
        by=cast.driss,
        now=now,
        given_name="Ana",
        family_name="",
        language="fr",
        time_zone="Africa/Casablanca",
        team=foreign,
    )

    assert code == "unknown_team"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("shares_per_day", 6, "out_of_limits"),
        ("shares_per_day", 0, "out_of_limits"),
        ("website", "javascript:alert(1)", "bad_website"),
        ("mail_domains", ["not a domain"], "bad_domain"),
        ("time_zone", "Mars/Olympus", "unknown_zone"),
        ("name", "   ", "no_name"),
        ("visitor_period", "year", "bad_period"),
    ],
)
def test_organisation_refuses_what_it_cannot_be(
    cast: Cast, now: datetime, field: str, value: object, code: str
) -> None:
    facts = {
        "name": "Atlas",
        "website": "https://atlas.example/",
        "language": "fr",
        "time_zone": "Europe/Paris",
        "mail_domains": ["atlas.example"],
        "shares_per_day": 2,
        "story_days": 14,
        "active_story_limit": 25,
        "visitor_period": "month",
    }

    refused = refusal_of(
        organisations.change_organisation,
        organisation=cast.atlas,
        by=cast.driss,
        now=now,
        **{**facts, field: value},
    )

    assert refused == code


def test_team_name_is_borne_once(cast: Cast, now: datetime) -> None:
    facts = {"organisation": cast.atlas, "by": cast.driss, "now": now}

    assert refusal_of(teams.create_team, name="ventes", **facts) == "name_taken"


def test_person_of_another_organisation_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        queries.get_person_for(cast.driss, cast.otto.code)


def test_export_holds_what_is_known(cast: Cast, now: datetime) -> None:
    persons.change_person(
        person=cast.ana, by=cast.ana, now=now, given_name="Ana", family_name="B", language="fr",
        time_zone="Africa/Casablanca", keep_team=True,
    )  # fmt: skip

    export = privacy.export_person(cast.ana)

    assert export["account"]["email"] == "ana@atlas.example"
    assert export["person"]["team"] == "Ventes"
    assert export["roles"] == [{"role": "ambassador", "ends_on": None}]
    assert [entry["act"] for entry in export["trail"]] == ["change_person"]


def test_erasing_leaves_acts_without_a_name(cast: Cast, now: datetime) -> None:
    row = invitations.invite_person(by=cast.marc, email="yasmine@atlas.example", now=now)
    person = invitations.accept_invitation(invitation=row, given_name="Yasmine", now=now)

    privacy.erase_person(person)

    assert not Account.objects.filter(email="yasmine@atlas.example").exists()
    assert not Person.objects.filter(given_name="Yasmine").exists()
    assert not Invitation.objects.exists()
    assert {entry.person for entry in TrailEntry.objects.all()} == {cast.marc, None}
